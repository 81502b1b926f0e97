// What the chatbot does not do itself: it shows each answer from its question down, offers questions to go on with below
// the last one, and names things for screen readers. Gradio gives `element`, which stays out of sight, `props`, whose
// value holds the questions and which answer they are `of`, `watch`, and `trigger`, which asks one.
const left = document.getElementById("left");  // the chatbot may come into it later than this
const all = (selector) => [...left.querySelectorAll(`#chat ${selector}`)], box = () => all(".bubble-wrap")[0];

const toQuestion = () => {
  const last = all(".user-row").at(-1);
  if (last) box().scrollTop += last.getBoundingClientRect().top - box().getBoundingClientRect().top - 8;
};

let drawn = "";
new MutationObserver(() => {
  // Gradio labels each message with its source text, tags and all, which a screen reader would read out, and calls the
  // examples a list, whose items they are not.
  for (const node of all("[aria-label][data-testid]")) node.removeAttribute("aria-label");
  for (const node of all(".examples[role]")) node.removeAttribute("role");
  const now = `${all(".reply").length} ${all(".user-row").map((row) => row.textContent).join()}`;
  if (now === drawn) return;
  drawn = now;
  toQuestion();
  document.dispatchEvent(new Event("drawn"));
}).observe(left, {childList: true, subtree: true});

// -- questions to go on with ------------------------------------------------------------------------------------------

const part = document.createElement("section"), label = document.createElement("p"), list = document.createElement("ul");
part.className = "onward";
part.setAttribute("aria-labelledby", label.id = "onward-label");
label.textContent = "Ask next";
part.append(label, list);
let current = "";

const button = (question) => {
  const made = document.createElement("button"), row = document.createElement("li");
  made.type = "button";
  made.dir = "auto";
  made.textContent = question;
  row.append(made);
  return row;
};

// An answer comes without questions, and its questions later: those of an answer that is no longer the last come too late.
watch("value", () => {
  const {of, questions} = props.value;
  if (!questions.length) {
    current = of;
    part.remove();
    return;
  }
  const log = all(".message-wrap")[0];
  if (of !== current || !log) return;
  const isAtEnd = box().scrollHeight - box().scrollTop - box().clientHeight < 40;
  list.replaceChildren(...questions.map(button));
  log.append(part);  // inside the log, so that they are read out after the answer
  if (isAtEnd) toQuestion();
});

list.addEventListener("click", (event) => {
  const chosen = event.target.closest("button");
  if (!chosen) return;
  part.remove();  // asked once
  document.querySelector("#question textarea").focus();
  trigger("select", {question: chosen.textContent, isMeant: false});
});

// How a question was understood: what may be meant instead is asked, in place of the last question if it was that one;
// what was understood is put into the box, to be changed.
document.addEventListener("click", (event) => {
  const chosen = event.target.closest("#chat button.instead, #chat button.reword");
  if (!chosen) return;
  const input = document.querySelector("#question textarea");
  if (chosen.matches(".reword")) {
    input.value = chosen.value;
    input.dispatchEvent(new Event("input", {bubbles: true}));
  } else {
    const isMeant = chosen.closest(".reply") === all(".reply").at(-1);
    trigger("select", {question: chosen.value, isMeant});
  }
  input.focus();
});
