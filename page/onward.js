// Questions to go on with, below the last reply. Gradio gives `element`, which stays out of sight, `props`, whose value
// holds the questions and which answer they are `of`, `watch`, and `trigger`, which asks one. An answer comes without
// questions, and its questions later: those of an answer that is no longer the last come too late.
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

watch("value", () => {
  const {of, questions} = props.value;
  if (!questions.length) {
    current = of;
    part.remove();
    return;
  }
  const talk = document.querySelector("#chat .message-wrap"), box = talk?.parentElement;
  if (of !== current || !talk) return;
  const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
  list.replaceChildren(...questions.map(button));
  talk.append(part);  // inside the log, so that they are read out after the answer
  if (isAtEnd) box.scrollTop = box.scrollHeight;
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
  const box = document.querySelector("#question textarea");
  if (chosen.matches(".reword")) {
    box.value = chosen.value;
    box.dispatchEvent(new Event("input", {bubbles: true}));
  } else {
    const isMeant = chosen.closest(".reply") === [...document.querySelectorAll("#chat .reply")].at(-1);
    trigger("select", {question: chosen.value, isMeant});
  }
  box.focus();
});
