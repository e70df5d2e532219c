// The page: asks every second whether something has changed, and draws what is chosen.
import { blocks, element } from "/page/slack.js";

const EVERY = 1000;
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const calendar = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

let view = { version: "", slack: [], mails: [] };
let chosen = decodeURIComponent(location.hash.slice(1));
const seen = new Map();
const closed = new Set();

function boxes() {
  const slack = view.slack.map(({ id, name, messages }) => ({ key: id, name, kind: "slack", messages }));
  const mails = Map.groupBy
    ? Map.groupBy(view.mails, (mail) => mail.to)
    : view.mails.reduce((found, mail) => found.set(mail.to, [...(found.get(mail.to) ?? []), mail]), new Map());
  return [...slack, ...[...mails].map(([to, messages]) => ({ key: to, name: to, kind: "mail", messages }))];
}

function draw() {
  const all = boxes();
  const current = all.find((box) => box.key === chosen) ?? newest(all);
  if (current) chosen = current.key;
  if (current) seen.set(current.key, count(current));
  list("channels", all.filter((box) => box.kind === "slack"), current);
  list("mailboxes", all.filter((box) => box.kind === "mail"), current);
  document.getElementById("title").textContent = current ? current.name : "Nothing yet";
  const shown = document.getElementById("messages");
  const low = shown.scrollHeight - shown.scrollTop - shown.clientHeight < 40;
  const entered = shown.dataset.box !== current?.key;
  if (!current) {
    const hint = "As soon as a moment of truth goes red or a case is opened, its owner's messages stand here.";
    shown.replaceChildren(element("p", { class: "empty" }, hint));
    return;
  }
  shown.dataset.box = current.key;
  if (current.kind === "slack") shown.replaceChildren(...channel(current.messages));
  else drawMails(shown, current.messages);
  if (current.kind === "slack" && (low || entered)) shown.scrollTop = shown.scrollHeight;
  if (current.kind === "mail" && entered) shown.scrollTop = 0;
}

// What somebody sees who has chosen nothing yet.
function newest(all) {
  const at = (box) => box.messages.at(-1).at;
  return all.reduce((found, box) => (found && at(found) >= at(box) ? found : box), undefined);
}

function count(box) {
  return box.messages.reduce((sum, message) => sum + 1 + (message.edited ? 1 : 0), 0);
}

function list(id, found, current) {
  const entries = found.map((box) => {
    const unread = count(box) > (seen.get(box.key) ?? 0);
    const choose = () => { chosen = box.key; location.hash = encodeURIComponent(box.key); draw(); };
    const name = element("span", {}, box.name);
    const many = element("span", { class: "count" }, String(box.messages.length));
    const options = { class: unread ? "unread" : "", "aria-current": String(box === current), onclick: choose };
    return element("li", {}, element("button", options, name, many));
  });
  const none = element("li", { class: "none" }, "nothing yet");
  document.getElementById(id).replaceChildren(...(entries.length ? entries : [none]));
}

function channel(messages) {
  const roots = messages.filter((message) => !message.thread || message.broadcast);
  let day = "";
  return roots.flatMap((message) => {
    const drawn = posted(message, messages.filter((other) => other.thread === message.ts));
    const today = calendar.format(new Date(message.at));
    if (today === day) return [drawn];
    day = today;
    return [element("div", { class: "day" }, today), drawn];
  });
}

function posted(message, replies, inThread = false) {
  const at = new Date(message.at);
  const who = element("div", { class: "who" },
    element("b", {}, "Voice of the Customer"), element("span", { class: "badge" }, "APP"),
    element("time", { datetime: message.at, title: at.toLocaleString() }, clock.format(at)),
    message.edited ? element("span", { class: "note" }, "(edited)") : null,
    message.broadcast && !inThread ? element("span", { class: "note" }, "replied to a thread") : null);
  const body = element("div", {}, who, blocks(message));
  if (replies.length) body.append(thread(message.ts, replies));
  return element("article", { class: "message" }, element("div", { class: "face" }, "VoC"), body);
}

function thread(ts, replies) {
  const said = replies.length === 1 ? "1 reply" : `${replies.length} replies`;
  const toggled = (event) => (event.target.open ? closed.delete(ts) : closed.add(ts));
  const made = element("details", { class: "thread", open: closed.has(ts) ? false : "", ontoggle: toggled });
  made.append(element("summary", {}, said), ...replies.map((reply) => posted(reply, [], true)));
  return made;
}

// Newest first. Mails never change: those that stand there already are left alone, so their frames do not load again.
function drawMails(shown, mails) {
  const standing = new Map([...shown.querySelectorAll(":scope > .mail")].map((card) => [card.dataset.number, card]));
  const wanted = [...mails].reverse().map((mail) => standing.get(String(mail.number)) ?? mailCard(mail));
  for (const card of [...shown.children]) if (!wanted.includes(card)) card.remove();
  wanted.forEach((card, place) => {
    if (shown.children[place] !== card) shown.insertBefore(card, shown.children[place] ?? null);
  });
}

function mailCard(mail) {
  const at = new Date(mail.at);
  const envelope = element("div", { class: "envelope" },
    element("h3", {}, mail.subject || "(no subject)"),
    element("p", {}, `${mail.from} → ${mail.to} · ${calendar.format(at)}, ${clock.format(at)}`));
  const card = element("article", { class: "mail", data: { number: mail.number } }, envelope);
  if (mail.html) card.append(frame(mail));
  else card.append(element("pre", {}, mail.text));
  const headers = mail.headers.map(([name, value]) => `${name}: ${value}`).join("\n");
  if (mail.html) card.append(folded("As text", mail.text));
  card.append(folded("Headers", headers));
  return card;
}

function folded(title, said) {
  return element("details", {}, element("summary", {}, title), element("pre", {}, said));
}

function frame(mail) {
  const sandbox = "allow-same-origin allow-popups allow-popups-to-escape-sandbox";
  const made = element("iframe", { src: `/mails/${mail.number}`, sandbox, title: mail.subject });
  made.addEventListener("load", () => {
    const page = made.contentDocument?.documentElement;
    if (page) made.style.height = `${Math.min(page.scrollHeight, 2400)}px`;
  });
  return made;
}

async function look() {
  const state = document.getElementById("state");
  try {
    const answer = await fetch(`/view?version=${encodeURIComponent(view.version)}`, { cache: "no-store" });
    if (answer.status === 200) {
      view = await answer.json();
      draw();
    } else if (answer.status !== 204) {
      throw new Error(String(answer.status));
    }
    state.className = "";
    state.textContent = "live";
  } catch {
    state.className = "away";
    state.textContent = "The inbox does not answer: is the stack up?";
  }
  setTimeout(look, EVERY);
}

look();
