/**
 * Sends each answer of a Google Form to the platform, signed. docs/providers/google-forms.md says how to set it up.
 *
 * Script properties: VOC_URL, the webhook's address, and VOC_SECRET, the source's secret.
 */

var TRIES = 3;
var FIRST_PAUSE_MS = 5000; // the next one is four times as long

/** Run it once: from then on Google calls onAnswer for each answer. */
function install() {
  ScriptApp.newTrigger('onAnswer').forForm(FormApp.getActiveForm()).onFormSubmit().create();
}

/** What the trigger calls. */
function onAnswer(event) {
  send_(bodyOf_(event.source, event.response));
}

/** Run it after an outage: sends all answers of the last seven days again. What is there already counts once. */
function sendLastWeekAgain() {
  var form = FormApp.getActiveForm();
  form.getResponses(new Date(Date.now() - 7 * 24 * 3600 * 1000)).forEach(function (response) {
    send_(bodyOf_(form, response));
  });
}

function bodyOf_(form, response) {
  return JSON.stringify({
    voc_template: 'google_forms.v1',
    form_id: form.getId(),
    form_title: form.getTitle(),
    response_id: response.getId(),
    submitted_at: response.getTimestamp().toISOString(),
    respondent_email: response.getRespondentEmail() || null, // empty unless the form collects addresses
    items: response.getItemResponses().map(function (answer) {
      var item = answer.getItem();
      return {
        id: String(item.getId()),
        title: item.getTitle(),
        type: String(item.getType()),
        value: answer.getResponse(),
      };
    }),
  });
}

/** Tries three times; what does not help to repeat it, such as a wrong secret, it says at once. */
function send_(body) {
  var url = property_('VOC_URL');
  var secret = property_('VOC_SECRET');
  var problem = '';
  for (var number = 0; number < TRIES; number++) {
    if (number > 0) {
      Utilities.sleep(FIRST_PAUSE_MS * Math.pow(4, number - 1));
    }
    var status = 0;
    try {
      var reply = UrlFetchApp.fetch(url, requestOf_(body, secret));
      status = reply.getResponseCode();
      problem = status + ' ' + reply.getContentText().slice(0, 500);
    } catch (error) {
      problem = String(error);
    }
    if (status >= 200 && status < 300) {
      return;
    }
    if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
      break;
    }
  }
  throw new Error('The answer was not taken: ' + problem);
}

/** Signed anew at each try, because the time of signing must be recent. */
function requestOf_(body, secret) {
  var timestamp = String(Math.floor(Date.now() / 1000));
  var signature = Utilities.computeHmacSha256Signature(timestamp + '.' + body, secret, Utilities.Charset.UTF_8);
  return {
    method: 'post',
    contentType: 'application/json',
    payload: body,
    headers: { 'X-VoC-Timestamp': timestamp, 'X-VoC-Signature': 'sha256=' + hex_(signature) },
    muteHttpExceptions: true,
    followRedirects: false,
  };
}

function hex_(bytes) {
  return bytes
    .map(function (byte) {
      return ('0' + (byte & 0xff).toString(16)).slice(-2); // Google's bytes are signed
    })
    .join('');
}

function property_(name) {
  var value = PropertiesService.getScriptProperties().getProperty(name);
  if (!value) {
    throw new Error('Set the script property ' + name + '.');
  }
  return value;
}
