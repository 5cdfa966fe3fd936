/** The whole paper on one page: save each answer as it is given and say in words what is saved, show one question at a time
 *  or all of them, keep marks on questions, and follow the clock.
 *  Markup: templates/quiz/paper.html: [data-quiz] with one form.asked per question, [data-save-state], [data-problem],
 *  [data-countdown] (countdown.js) and the numbers. What waits to be sent is kept by waiting.js.
 *  A save is repeated with the same packet until the server has answered: it answers only what is stored.
 *  Without this file every question stands on the page with a button of its own that saves it. */

import { guardSignOut, notebook, posted, remember, remembered, sender, stateWords } from "./waiting.js";

/** Rest after the last key before a text is saved (ms). */
const TYPING = 2_000;
/** Between two looks at the time as the server has it (ms): more time reaches the page within half a minute. */
const ASK_TIME = 20_000;

const fieldsOf = (form) => [...form.querySelectorAll("[name=given]")];
const isChoice = (field) => field.type === "radio" || field.type === "checkbox";

/** The answer that stands in a form: values of what is chosen, or the texts. */
export function given(form) {
  return fieldsOf(form).filter((field) => !isChoice(field) || field.checked).map((field) => field.value);
}

/** The answer as the server sent it with the page. */
export function sent(form) {
  const stands = (field) => (isChoice(field) ? field.defaultChecked : true);
  return fieldsOf(form).filter(stands).map((field) => (isChoice(field) ? field.value : field.defaultValue));
}

/** Put an answer into a form. */
export function fill(form, answer) {
  fieldsOf(form).forEach((field, n) => {
    if (isChoice(field)) field.checked = answer.includes(field.value);
    else field.value = answer[n] ?? "";
  });
}

/** Whether an answer is one: blanks only are none. */
export function isAnswer(answer) {
  return answer.some((one) => one.trim());
}

export async function enhance(page) {
  const forms = new Map([...page.querySelectorAll("form.asked")].map((form) => [Number(form.dataset.position), form]));
  const sheet = sheetOf(page, forms);
  const clock = page.querySelector("[data-countdown]");
  const { person, attempt } = page.dataset;
  const book = await notebook(Number(person), Number(attempt), clock.dataset.countdown);
  const known = new Map([...forms].map(([position, form]) => [position, JSON.stringify(sent(form))]));
  const [first] = forms.values();
  const { csrf_token: token, sequence: next } = Object.fromEntries(new FormData(first));
  let sequence = Math.max(Number(next) - 1, ...[...book.answers.values()].map((row) => row.sequence));
  let locked = false;
  let leaving = "";

  const state = page.querySelector("[data-save-state]");
  let savedAt = state.textContent.replace("已保存", "").trim();
  const problem = page.querySelector("[data-problem]");
  const tell = (words) => {
    problem.textContent = words;
    problem.hidden = !words;
  };
  const lock = (words) => {
    locked = true;
    page.querySelectorAll("[name=given]").forEach((field) => (field.disabled = true));
    tell(words);
  };
  const takenOver = () => lock("您已在另一台设备上接着作答，这一页停止保存。要回到这台设备，请刷新这一页。");

  const out = sender(book, {
    post(row) {
      const body = new URLSearchParams({ csrf_token: token, sequence: row.sequence, packet: row.packet });
      row.given.forEach((one) => body.append("given", one));
      return posted(forms.get(row.position).action, body);
    },
    said(waiting, tries) {
      state.textContent = stateWords(waiting, tries, savedAt);
      state.classList.toggle("loud", waiting > 0 && tries > 0);
      if (leaving && !waiting) location.assign(leaving);
    },
    kept(row, told) {
      savedAt = told.saved_at;
      if (told.taken_over) takenOver();
      else if (told.newer) tell(`第 ${row.position} 题在另一个页面上改过了，那里的答案更新。请刷新这一页再看。`);
      else if (!leaving && !locked) tell("");
    },
    refused(row, words) {
      tell(`第 ${row.position} 题没有收下：${words}`);
    },
    stuck: tell,
  });

  /** Take the answer that stands in a form on its way, when it is another than the last one taken. */
  const take = async (form) => {
    const position = Number(form.dataset.position);
    const answer = given(form);
    if (locked || known.get(position) === JSON.stringify(answer)) return;
    known.set(position, JSON.stringify(answer));
    sequence += 1;
    sheet.answered(position, isAnswer(answer));
    await book.write({ position, given: answer, sequence, packet: fresh() });
    out.send();
  };
  const takeAll = () => forms.forEach(take);

  for (const [position, form] of forms) {
    let typing = 0;
    const waits = book.answers.get(position);
    // Whatever was changed before this file had come over a slow line is newer than what waits from last time.
    if (waits && known.get(position) === JSON.stringify(given(form))) {
      fill(form, waits.given);
      known.set(position, JSON.stringify(given(form)));
      sheet.answered(position, isAnswer(waits.given));
    }
    form.addEventListener("change", () => take(form));
    form.addEventListener("input", (event) => {
      clearTimeout(typing);
      if (!isChoice(event.target)) typing = setTimeout(() => take(form), TYPING);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      take(form);
      sheet.step(1);
    });
    const flag = form.querySelector("[data-flag]");
    const flagged = (on) => {
      flag.textContent = on ? "取消标记" : "标记";
      sheet.flagged(position, on);
    };
    flag.addEventListener("click", () => {
      const on = !book.flags.has(position);
      book.flag(position, on);
      flagged(on);
    });
    flagged(book.flags.has(position));
  }

  /** Hear how the time stands; whether the server answered. */
  const askTime = async () => {
    try {
      const answer = await fetch(page.dataset.time, { headers: { Accept: "application/json" } });
      const told = await answer.json();
      if (answer.status === 404 || told.handed_in) {
        await book.forget();
        location.reload();
      }
      if (!answer.ok) return false;
      if (told.seat > Number(page.dataset.seat) && !locked) takenOver();
      clock.dataset.countdown = told.deadline_at;
      clock.toggleAttribute("data-paused", told.paused);
      clock.dispatchEvent(new Event("newtime"));
      return true;
    } catch {
      return false; // offline: the clock time on the page still stands
    }
  };

  let ending = false;
  const timeUp = async () => {
    if (ending) return;
    ending = true;
    takeAll();
    const until = clock.dataset.countdown;
    await askTime();
    if (clock.dataset.countdown !== until || clock.hasAttribute("data-paused")) {
      ending = false;
      return;
    }
    lock("时间到了，正在交上已保存的答案…");
    const leave = async () => {
      if (await askTime()) location.assign(page.dataset.result);
      else setTimeout(leave, 5_000);
    };
    setTimeout(leave, (Number(page.dataset.grace) + 2) * 1_000);
  };

  page.addEventListener("timeup", timeUp);
  page.querySelector("[data-hand-in]").addEventListener("click", (event) => {
    takeAll();
    if (!out.waiting()) return;
    event.preventDefault();
    leaving = event.currentTarget.href;
    tell(`还有 ${out.waiting()} 题没有发出，发出以后就去交卷。`);
    out.send();
  });
  document.addEventListener("visibilitychange", () => (document.hidden ? takeAll() : askTime()));
  addEventListener("beforeunload", (event) => {
    takeAll();
    if (out.stalled()) event.preventDefault();
  });
  guardSignOut();
  setInterval(askTime, ASK_TIME);
  takeAll();
  if (out.waiting()) out.send();
  else state.textContent = stateWords(0, 0, savedAt);
}

/** A packet's name, told apart from every other. */
function fresh() {
  return crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`;
}

/** The numbers and the ways between the questions. One at a time, or all; the browser remembers which. */
function sheetOf(page, forms) {
  const numbers = new Map([...page.querySelectorAll(".number")].map((number, n) => [n + 1, number]));
  const place = page.querySelector("[data-place]");
  const steps = page.querySelector("[data-steps]");
  const view = page.querySelector("[data-view]");
  const done = () => page.querySelectorAll(".number.answered").length;
  const open = [...numbers].find(([, number]) => !number.classList.contains("answered"));
  let single = remembered("quiz-view") !== "all";
  let here = asked() ?? open?.[0] ?? 1;

  /** The question that the address names, if any. */
  function asked() {
    const position = Number(location.hash.replace("#q", ""));
    return forms.has(position) ? position : null;
  }

  const count = () => {
    page.querySelector("[data-count]").textContent = `已答 ${done()} 题，未答 ${forms.size - done()} 题`;
    place.textContent = single ? `第 ${here} / ${forms.size} 题` : `已答 ${done()} / ${forms.size} 题`;
  };
  const word = (position) => {
    const number = numbers.get(position);
    const marked = number.classList.contains("flagged") ? "，标记" : "";
    number.setAttribute("aria-label", `第 ${position} 题，${number.classList.contains("answered") ? "已答" : "未答"}${marked}`);
    count();
  };
  const draw = () => {
    page.classList.toggle("one-by-one", single);
    for (const [position, form] of forms) form.hidden = single && position !== here;
    for (const [position, number] of numbers) {
      if (single && position === here) number.setAttribute("aria-current", "step");
      else number.removeAttribute("aria-current");
    }
    steps.hidden = !single;
    steps.querySelector("[data-step='1']").hidden = here === forms.size;
    steps.querySelector("[data-step='-1']").hidden = here === 1;
    view.textContent = single ? "全部题目" : "每次一题";
    count();
  };
  const show = (position) => {
    here = position;
    history.replaceState(null, "", `#q${position}`);
    draw();
    forms.get(position).scrollIntoView();
    forms.get(position).querySelector(".question").focus({ preventScroll: true });
  };
  const step = (by) => {
    if (!single) return;
    if (forms.has(here + by)) show(here + by);
    else page.querySelector("[data-hand-in]").focus();
  };

  page.querySelectorAll("[data-plain]").forEach((element) => (element.hidden = true));
  page.querySelectorAll("[data-flag], [data-view]").forEach((element) => (element.hidden = false));
  steps.querySelectorAll("[data-step]").forEach((button) => button.addEventListener("click", () => step(Number(button.dataset.step))));
  view.addEventListener("click", () => {
    single = !single;
    remember("quiz-view", single ? "one" : "all");
    show(here);
  });
  for (const [position, number] of numbers) {
    number.addEventListener("click", (event) => {
      event.preventDefault();
      show(position);
    });
  }
  addEventListener("hashchange", () => asked() && show(asked()));
  if ("speechSynthesis" in window) page.querySelectorAll("[data-aloud]").forEach(aloud);
  draw();

  return {
    step,
    answered(position, yes) {
      numbers.get(position).classList.toggle("answered", yes);
      word(position);
    },
    flagged(position, yes) {
      numbers.get(position).classList.toggle("flagged", yes);
      word(position);
    },
  };
}

/** Reading aloud comes when it is first wanted: a slow line carries the questions first. */
function aloud(button) {
  button.hidden = false;
  button.dataset.readAloud = button.dataset.aloud;
  const first = async () => {
    (await import("./read-aloud.js")).enhance(button);
    button.click();
  };
  button.addEventListener("click", first, { once: true });
}
