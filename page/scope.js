// The form above the question. Gradio gives `element`, the form's root, and `props`, whose value goes to the server
// with each question; panel.js keeps the line on top of the form true.
const form = element.querySelector("form");
const tell = () => {
  props.value = Object.fromEntries(new FormData(form));
  document.dispatchEvent(new CustomEvent("scope", {detail: props.value}));
};
form.addEventListener("change", tell);
form.addEventListener("reset", () => setTimeout(tell));
form.addEventListener("submit", (event) => { event.preventDefault(); tell(); });
setTimeout(tell);
