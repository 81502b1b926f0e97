// The list of kept conversations. Gradio gives `element`, `props`, whose value goes to the server with each question and
// comes back with the conversation that it was kept in, `server`, methods of Keeper, `watch`, and `trigger`, which opens
// one. Without a password a browser is known by a secret that it makes up and keeps.
const SECRET = "citewire.secret", OPEN = "citewire.conversation";
const list = element.querySelector("ul"), toggle = element.querySelector(".toggle");

const secret = () => {
  const made = [...crypto.getRandomValues(new Uint8Array(24))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  try {
    const kept = localStorage.getItem(SECRET) ?? made;
    localStorage.setItem(SECRET, kept);
    return kept;
  } catch {
    return made;  // nothing may be stored: the conversation lasts as long as the page
  }
};
const last = () => { try { return Number(sessionStorage.getItem(OPEN)); } catch { return 0; } };
const remember = (id) => { try { sessionStorage.setItem(OPEN, id); } catch { /* not stored, not missed */ } };

const refresh = async () => {
  const found = await server.listed(props.value).catch(() => null);
  if (typeof found === "string") list.innerHTML = found;
};
const unfold = (is) => {
  element.closest("#kept").classList.toggle("unfolded", is);
  toggle.setAttribute("aria-expanded", is);
};
const NO_SERVER = "citewire does not answer: it was stopped, or is asked too much. Try again in a little while.";
const tell = (text, isProblem = false) => document.dispatchEvent(new CustomEvent("told", {detail: [text, isProblem]}));
const open = (id, quiet = false) => trigger("select", {id, quiet});

const rename = (row) => {
  const button = row.querySelector(".conversation"), box = document.createElement("input");
  box.value = button.textContent;
  box.maxLength = 120;
  box.setAttribute("aria-label", "Title");
  button.replaceWith(box);
  box.select();
  const done = async (keep) => {
    box.onblur = null;
    if (keep && box.value.trim()) {
      const problem = await server.rename({...props.value, title: box.value}).catch(() => NO_SERVER);
      tell(problem || "Renamed", Boolean(problem));
    }
    await refresh();
    list.querySelector("[aria-current]")?.focus();
  };
  box.onkeydown = (event) => {
    if (event.key === "Enter") done(true);
    if (event.key === "Escape") { event.stopPropagation(); done(false); }
  };
  box.onblur = () => done(true);
};

const save = async (as) => {
  const file = await server.exported({...props.value, as}).catch(() => null);
  if (!file?.text) return tell(file?.problem ?? NO_SERVER, true);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([file.text], {type: "text/plain;charset=utf-8"}));
  link.download = file.name;
  link.click();
  URL.revokeObjectURL(link.href);
};

const remove = async (button) => {
  if (!button.dataset.sure) {
    button.dataset.sure = "1";
    button.textContent = "Really?";
    return;
  }
  const problem = await server.delete(props.value).catch(() => NO_SERVER);
  if (problem) return tell(problem, true);
  open(0);
};

element.addEventListener("click", (event) => {
  if (event.target.closest(".toggle")) return unfold(toggle.getAttribute("aria-expanded") !== "true");
  const row = event.target.closest("[data-conversation]"), button = event.target.closest("button");
  if (!row || !button) return;
  const act = {rename: () => rename(row), markdown: () => save("markdown"), json: () => save("json"), delete: () => remove(button)};
  if (button.dataset.do) act[button.dataset.do]();
  else { open(Number(row.dataset.conversation)); unfold(false); }
});
element.addEventListener("keydown", (event) => {
  if (event.key === "Escape") { unfold(false); toggle.focus(); }
});

// What a person thinks of an answer, below it. Only what is inside that line changes: the line itself is Gradio's.
const judge = async (line, message, verdict, note = "") => {
  const found = await server.judge({...props.value, message, verdict, note}).catch(() => null);
  if (typeof found?.html !== "string") return tell(found?.problem ?? NO_SERVER, true);
  line.innerHTML = found.html;
  line.querySelector("button").focus();
  tell(verdict ? "Kept" : "Taken back");
};

const write = (line, message, verdict) => {
  const before = line.innerHTML, box = document.createElement("input"), save = document.createElement("button");
  box.value = line.querySelector(".note")?.textContent ?? "";
  box.maxLength = 4000;
  box.placeholder = verdict === "right" ? "A note" : "What is right, in the release’s words";
  box.setAttribute("aria-label", "Note on this answer");
  save.type = "button";
  save.textContent = "Save";
  save.onclick = () => judge(line, message, verdict, box.value);
  box.onkeydown = (event) => {
    if (event.key === "Enter") save.click();
    if (event.key === "Escape") { line.innerHTML = before; line.querySelector("button").focus(); }
  };
  line.replaceChildren(line.querySelector(".said"), box, save);
  box.focus();
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("#chat button.judge");
  if (!button) return;
  const line = button.closest(".feedback"), [message, does, verdict] = button.value.split(" ");
  if (does === "note") write(line, message, verdict);
  else judge(line, message, does === "undo" ? null : does);
});

watch("value", () => { remember(props.value.conversation); refresh(); });
setTimeout(() => {  // what is set while the component is being made is lost
  props.value = {secret: secret(), conversation: 0};
  refresh();
  if (last()) open(last(), new URLSearchParams(location.search).has("release"));
});
