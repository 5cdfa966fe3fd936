/** Sign in without leaving the page, and come again by itself while too many people sign in at once.
 *  Markup: <div data-sign-in> around the form, which holds <p role="status" data-state hidden></p>.
 *  Without this file the form is sent as any other, and the notice page says when to come again. */

const ASIDE = 5;

/** Seconds until the next try: what the server says, or a few. */
export function waits(header) {
  const seconds = Number(header);
  return seconds > 0 && seconds <= 60 ? seconds : ASIDE;
}

export function enhance(box) {
  const form = box.querySelector("form");
  const state = form.querySelector("[data-state]");
  let busy = false;

  const say = (words) => {
    state.textContent = words;
    state.hidden = !words;
  };

  const later = (words, seconds) => {
    say(words);
    setTimeout(send, seconds * 1000);
  };

  async function send() {
    const headers = { Accept: "application/json" };
    let answer, told;
    try {
      answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers });
      told = await answer.json();
    } catch {
      return later("网络不通，正在自动重试，不用重新输入。", ASIDE);
    }
    if (answer.status === 503) return later("还没有轮到，正在自动再试，不用重新输入。", waits(answer.headers.get("Retry-After")));
    if (told.onward) return location.assign(told.onward);
    busy = false;
    say(told.error);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    say("正在登录…");
    send();
  });
}
