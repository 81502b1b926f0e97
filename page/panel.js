// What stands beside the conversation. Gradio runs this once, when the panel is on the page, and gives
//   element   the panel's root      props    its value: the view that comes with an answer or with the page's address
//   server    methods of Panel      upload   sends a file      watch    calls back when the value has changed
// Every view is HTML made on the server; positions in a release are never counted here.
const view = element.querySelector("#view"), told = element.querySelector("#told");
// The other components may come later than this one: what is in them is looked for when it is needed.
const columns = document.getElementById("columns"), scopeForm = () => columns.querySelector("#scope form");
const NO_SERVER = "citewire does not answer: it was stopped, or is asked too much. Try again in a little while.";

let scope = {issuer: "", since: "", until: ""};
let list = {words: "", order: "newest", page: 0, marks: ""};
let lastRelease = props.value, job = "", calls = 0;
let trail = [], at = 0, opener = null;  // the sources of one answer, which of them is open, and what opened it

const say = (text, isProblem = false) => {  // aloud; a problem also where it is seen, for a while
  told.textContent = text;
  told.classList.toggle("problem", isProblem);
  if (isProblem) setTimeout(() => { if (told.textContent === text) say(""); }, 8000);
};
document.addEventListener("told", (event) => say(...event.detail));  // by the list of conversations

// A call to the server; of several on their way only the last counts.
const ask = async (name, data) => {
  const number = ++calls;
  const found = await server[name](data).catch(() => null);
  if (number !== calls) return null;
  if (typeof found === "string") return found;
  say(found?.detail ?? NO_SERVER, true);
  return null;
};

// -- views ------------------------------------------------------------------------------------------------------------

const top = (node) => node.getBoundingClientRect().top, left = (node) => node.getBoundingClientRect().left;

const toMark = () => {
  const box = view.firstElementChild, mark = view.querySelector("mark.cited, mark.near");
  for (const table of view.querySelectorAll(".table"))
    if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
  const table = mark && mark.closest(".table");
  if (table) table.scrollLeft += left(mark) - left(table) - table.clientWidth / 2;
  if (mark) box.scrollTop += top(mark) - top(box) - Math.max(0, (box.clientHeight - mark.offsetHeight) / 2);
  else box.scrollTop = 0;
};

const draw = (html) => {
  view.innerHTML = html;
  const name = view.firstElementChild.dataset.view;
  for (const button of element.querySelectorAll("nav [data-open]"))
    button.toggleAttribute("aria-current", button.dataset.open === name);
  if (name === "release") { lastRelease = html; toMark(); steps(); }
  if (name === "browse") {
    view.querySelector("[name=words]").value = list.words;
    view.querySelector("[name=order]").value = list.order;
  }
  if (name === "bring" && view.querySelector(".job")) view.querySelector(".job").innerHTML = job;
};

// On a narrow screen the panel lies over the conversation, and only where somebody asked for it.
const show = (html, focus = true) => {
  if (html === null) return;
  element.closest("#panel").classList.add("over");
  draw(html);
  if (focus) view.firstElementChild.focus({preventScroll: true});
};

const back = () => {
  element.closest("#panel").classList.remove("over");
  if (opener?.isConnected) opener.focus();
  else document.querySelector("#question textarea").focus();
};

const steps = () => {
  for (const source of columns.querySelectorAll(".source.open")) source.classList.remove("open");
  trail[at]?.classList.add("open");
  const shown = view.querySelector(".steps");
  if (!shown || trail.length < 2) return;
  shown.hidden = false;
  shown.querySelector(".at").textContent = `${at + 1} of ${trail.length}`;
  shown.querySelector("[data-step='-1']").disabled = at === 0;
  shown.querySelector("[data-step='1']").disabled = at === trail.length - 1;
};

const openSource = async (button) => {
  trail = [...button.closest(".reply").querySelectorAll("button.source")];
  at = trail.findIndex((source) => source.value === button.value);
  opener = button;
  show(await ask("source", button.value));
};

const step = async (by) => {
  if (!trail[at + by]) return;
  at += by;
  opener = trail[at];
  show(await ask("source", opener.value));
  say(`Source ${at + 1} of ${trail.length}`);
};

const browse = async (change) => {
  list = {...list, page: 0, ...change};
  show(await ask("browse", {...list, scope}));
};

const relist = async (change) => {
  list = {...list, page: 0, ...change};
  const html = await ask("listed", {...list, scope}), old = view.querySelector(".listed");
  if (html === null || !old) return;
  old.outerHTML = html;
  view.firstElementChild.scrollTop = 0;
};

const VIEW = {
  release: () => show(lastRelease),
  browse: () => browse({marks: ""}),
  bring: async () => show(await ask("bring", null)),
};

// -- copying ----------------------------------------------------------------------------------------------------------

// The clipboard is there only where the address counts as safe; elsewhere the old command does it.
const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.body.appendChild(document.createElement("textarea"));
    area.value = text;
    area.select();
    document.execCommand("copy");
    area.remove();
  }
};
const page = () => location.origin + location.pathname;
const copied = async (button, text) => {
  await copy(text);
  say("Copied");
  const before = button.textContent;
  if (before === "Copied") return;
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = before; }, 1500);
};

// -- adding and removing ----------------------------------------------------------------------------------------------

const setJob = (html) => {
  job = html;
  const shown = view.querySelector(".job");
  if (shown) shown.innerHTML = html;
};
const problem = (text) => {
  const shown = document.createElement("p");
  shown.className = "failed";
  shown.textContent = text;
  setJob(shown.outerHTML);
};
const bar = (done, total) => setJob(
  `<label>${done} of ${total} uploaded <progress max="${total}" value="${done}"></progress></label>`);

const follow = async (id, html) => {
  setJob(html);
  while (!/ data-done/.test(job)) {
    await new Promise((later) => setTimeout(later, 400));
    const now = await server.added(id).catch(() => null);
    if (typeof now === "string") setJob(now);
    else return problem(NO_SERVER);
  }
  counts();
};

const add = async (files, input) => {
  const most = Number(input.dataset.most), bytes = Number(input.dataset.bytes);
  if (files.length > most) return problem(`${files.length} files are too many at once; add at most ${most}.`);
  const large = files.find((file) => file.size > bytes);
  if (large) return problem(`${large.name} is larger than ${bytes / 1e6} MB; nothing was added. Leave it out or split it.`);
  const paths = [];
  for (const file of files) {
    bar(paths.length, files.length);
    try {
      paths.push((await upload(file)).path);
    } catch {
      return problem(`${file.name} could not be uploaded; nothing was added. Try again.`);
    }
  }
  const begun = await server.add({files: paths}).catch(() => null);
  if (begun?.html) await follow(begun.job, begun.html);
  else problem(begun?.detail ?? NO_SERVER);
};

const counts = async () => {
  const [title, line] = await Promise.all([server.title(null), server.summary(scope)]).catch(() => []);
  if (typeof title === "string") document.querySelector("#title h1").parentElement.innerHTML = title;
  if (typeof line === "string") document.querySelector("#scope .summary").innerHTML = line;
  document.getElementById("issuers").replaceChildren();
};

const remove = async (button) => {
  if (!button.dataset.sure) {
    button.dataset.sure = "1";
    button.textContent = "Really remove it?";
    return;
  }
  show(await ask("remove", button.value));
  counts();
};

// -- events -----------------------------------------------------------------------------------------------------------

const CLICKS = {
  "button.source, button.number": (button) => openSource(button),
  "button.headline": async (button) => { trail = []; opener = button; show(await ask("source", button.value)); },
  "[data-place]": async (mark) => { trail = []; opener = mark; show(await ask("source", mark.dataset.place)); },
  "[data-open]": (button) => { opener = button; VIEW[button.dataset.open](); },
  "[data-step]": (button) => step(Number(button.dataset.step)),
  "a.link": (link) => copied(link, page() + link.getAttribute("href")),
  "button.copy": (button) => copied(button, button.value.replaceAll("citewire:?release=", `${page()}?release=`)),
  "button.when": (button) => { opener = button; browse({marks: button.value, words: "", order: "newest"}); },
  "button.page": (button) => relist({page: Number(button.value)}),
  "button.remove": remove,
  "button.close": back,
  "#scope .show": (button) => { opener = button; browse({marks: "", words: ""}); },
  "button.only": (button) => {
    scopeForm().elements.issuer.value = button.value;
    document.getElementById("scope-form").open = true;
    list = {...list, marks: "", page: 0};
    scopeForm().elements.issuer.dispatchEvent(new Event("change", {bubbles: true}));
  },
};

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;  // a link opens in a tab of its own
  for (const [selector, act] of Object.entries(CLICKS)) {
    const found = event.target.closest(selector);
    if (!found) continue;
    event.preventDefault();
    act(found);
    return;
  }
});

document.addEventListener("keydown", (event) => {
  const inside = event.target.closest("#panel, #chat");
  if (!inside || event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "n") step(1);
  else if (event.key === "p") step(-1);
  else if (event.key === "Escape") back();
  else return;
  event.preventDefault();
});

let typing = 0;
view.addEventListener("input", (event) => {
  if (!event.target.closest(".find")) return;
  clearTimeout(typing);
  typing = setTimeout(() => relist({[event.target.name]: event.target.value}), 150);
});
view.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!event.target.matches(".folder")) return;
  const begun = await server.add({folder: event.target.elements.folder.value}).catch(() => null);
  if (begun?.html) follow(begun.job, begun.html);
  else problem(begun?.detail ?? NO_SERVER);
});
view.addEventListener("change", (event) => {
  if (event.target.name === "files" && event.target.files.length) add([...event.target.files], event.target);
});
for (const kind of ["dragover", "dragleave", "drop"]) view.addEventListener(kind, (event) => {
  const zone = event.target.closest(".drop");
  if (!zone) return;
  event.preventDefault();
  zone.classList.toggle("above", kind === "dragover");
  if (kind === "drop" && event.dataTransfer.files.length)
    add([...event.dataTransfer.files], zone.querySelector("input"));
});

document.addEventListener("scope", async (event) => {
  const asked = scope = event.detail;
  const line = await server.summary(asked).catch(() => null);
  if (asked !== scope) return;  // changed again meanwhile
  if (typeof line === "string") document.querySelector("#scope .summary").innerHTML = line;
  if (view.querySelector(".listed")) relist({marks: ""});
});
document.addEventListener("focusin", async (event) => {
  const names = document.getElementById("issuers");
  if (!event.target.closest("#scope") || event.target.name !== "issuer" || names.childElementCount) return;
  const found = await server.issuers(null).catch(() => null);
  if (typeof found === "string") names.innerHTML = found;
});

// The sources of the last answer are gone through from the release that came with it; the message may come after that.
const takeUp = () => {
  const replies = [...columns.querySelectorAll(".reply")], turn = Number(view.firstElementChild.dataset.turn);
  if (trail.length || !turn || turn !== replies.length) return;
  trail = [...replies.at(-1).querySelectorAll("button.source")];
  at = 0;
  steps();
};
document.addEventListener("drawn", takeUp);
let isLinked = new URLSearchParams(location.search).has("release");  // the first view is the one it names
watch("value", () => {
  opener = null;
  trail = [];
  if (isLinked) show(props.value);
  else draw(props.value);
  isLinked = false;
  takeUp();
});
draw(props.value);
