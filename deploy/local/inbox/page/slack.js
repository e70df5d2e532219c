// Draws Slack's blocks. Everything becomes text nodes and elements made here: no message is ever read as HTML.

export function element(name, options = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(options)) {
    if (key === "class") made.className = value;
    else if (key === "data") Object.assign(made.dataset, value);
    else if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function blocks(message) {
  const found = message.blocks.length ? message.blocks.map(block) : [paragraph(message.text)];
  return element("div", {}, ...found);
}

function block(given) {
  switch (given.type) {
    case "header": return element("div", { class: "block header" }, text(given.text));
    case "section": return section(given);
    case "context": return element("div", { class: "block context" }, ...(given.elements ?? []).map(part));
    case "divider": return element("div", { class: "block divider" });
    case "actions": return element("div", { class: "block actions" }, ...(given.elements ?? []).map(button));
    case "markdown": return paragraph(given.text);
    case "image": return element("div", { class: "block context" }, `[image: ${given.alt_text}]`);
    default: return element("div", { class: "block context" }, `[${given.type}]`);
  }
}

function section(given) {
  const made = element("div", { class: "block" });
  if (given.text) made.append(text(given.text));
  if (given.fields) made.append(element("div", { class: "fields" }, ...given.fields.map(text)));
  return made;
}

function part(given) {
  return given.type === "image" ? element("span", {}, `[image: ${given.alt_text}]`) : text(given);
}

function button(given) {
  return element("span", {}, unescaped(given.text?.text ?? given.type));
}

function paragraph(said) {
  return element("div", { class: "block" }, text({ type: "mrkdwn", text: said }));
}

function text(object) {
  if (object.type === "plain_text") return element("div", { class: "text" }, unescaped(object.text));
  const made = element("div", { class: "text" });
  const lines = object.text.split("\n");
  lines.forEach((line, place) => {
    const quoted = line.match(/^(?:>|&gt;) ?(.*)$/);
    if (quoted) made.append(element("span", { class: "quote" }, ...marked(quoted[1])));
    else made.append(...marked(line), place < lines.length - 1 ? "\n" : "");
  });
  return made;
}

const MARKS = /<([^<>\n]+)>|(^|[\s(])([*_~`])(\S(?:[^\n]*?\S)?)\3(?=$|[\s.,;:!?)])/g;
const STYLES = { "*": "b", "_": "i", "~": "s", "`": "code" };

function marked(line) {
  const found = [];
  let end = 0;
  for (const match of line.matchAll(MARKS)) {
    found.push(unescaped(line.slice(end, match.index)));
    if (match[1] !== undefined) found.push(special(match[1]));
    else found.push(match[2], element(STYLES[match[3]], {}, unescaped(match[4])));
    end = match.index + match[0].length;
  }
  found.push(unescaped(line.slice(end)));
  return found;
}

// <https://…|text> is a link; <!channel>, <@U1>, <#C1> call somebody, which in a message of ours would be a fault.
function special(inside) {
  const [target, ...label] = inside.split("|");
  const said = label.length ? label.join("|") : target;
  if (/^https?:/i.test(target)) {
    return element("a", { href: unescaped(target), rel: "noopener noreferrer", target: "_blank" }, unescaped(said));
  }
  return element("span", { class: "call" }, unescaped(said));
}

function unescaped(said) {
  return said.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
