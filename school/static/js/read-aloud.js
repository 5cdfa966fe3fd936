/** Read an element aloud, where the browser can speak Chinese text.
 *  Markup: <button type="button" data-read-aloud="question-7" hidden>朗读</button>, the id of what is read.
 *  Without this file, or without a voice, the button stays hidden. */

/** What is spoken: the text in short pieces, because some phones stop in the middle of a long one. */
export function pieces(text) {
  return (text.match(/[^。？！；\n]+[。？！；]*/g) ?? []).map((piece) => piece.trim()).filter(Boolean);
}

export function enhance(button) {
  if (!("speechSynthesis" in window)) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const speaking = button.dataset.speaking;
    speechSynthesis.cancel();
    if (!speaking) speak(button, document.getElementById(button.dataset.readAloud).innerText);
  });
  addEventListener("pagehide", () => speechSynthesis.cancel());
}

function speak(button, text) {
  const parts = pieces(text).map((piece) => Object.assign(new SpeechSynthesisUtterance(piece), { lang: "zh-CN", rate: 0.9 }));
  const stop = () => {
    delete button.dataset.speaking;
    button.textContent = "朗读";
  };
  button.dataset.speaking = "yes";
  button.textContent = "停止朗读";
  parts.forEach((part) => (part.onerror = stop));
  if (!parts.length) return stop();
  parts[parts.length - 1].onend = stop;
  parts.forEach((part) => speechSynthesis.speak(part));
}
