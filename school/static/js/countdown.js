/** The clock of a paper as the server has it: the minutes left, more time and its reason, a pause, the end.
 *  Markup: macros/question.html: <p data-countdown="2026-11-25T13:00:00Z" data-now="2026-11-25T12:41:07Z" data-time="/quiz/7/time">
 *            <span data-until>21:00</span> 截止，<span data-left>还剩 19 分钟</span></p>,
 *          [data-said] for what has to be said, [data-extension] for more time.
 *  data-now is the server's clock when the page was made, and whatever the server says brings its time along: the phone's own
 *  clock is never asked. Sends "told" with all that /time answers, whoever asked; takes the same event from whoever has heard
 *  it with a save; and sends "timeup" once the server has said that the time is over, never before.
 *  Without this file the closing time and the minutes left stand there as of when the page was made; the server decides. */

import { patient } from "./waiting.js";

const TICK = 5_000;
/** How long a page that hears nothing waits before it asks (ms): more time reaches it within half a minute. */
const QUIET = 25_000;
/** How long what was said stands there (ms), unless it is tapped away. */
const SHOWN = 60_000;
const WARN_AT = [5, 1];
const CLOCK = new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Shanghai" });

/** Whole minutes from `now` to `closesAt` (both in ms), the begun one counted; 0 when it is over. */
export function minutesLeft(closesAt, now) {
  return Math.max(0, Math.ceil((closesAt - now) / 60_000));
}

/** What is shown for so many minutes. */
export function leftWords(minutes) {
  if (minutes === 0) return "时间到";
  return minutes === 1 ? "还剩不到 1 分钟" : `还剩 ${minutes} 分钟`;
}

/** The warning owed on coming from `before` to `minutes` left, or nothing. */
export function warning(before, minutes) {
  if (minutes === 0 || !WARN_AT.some((mark) => before > mark && minutes <= mark)) return "";
  const then = minutes === 1 ? "不用赶着交卷：时间一到，已保存的答案自动交上。" : "没答的题可以先答，已保存的答案不会丢。";
  return `${leftWords(minutes)}。${then}`;
}

/** What is said of more time, or nothing. */
export function moreWords(minutes, reason) {
  return minutes ? `延长了 ${minutes} 分钟：${reason}` : "";
}

/** Tell the clock what the server said of the time. */
export function tell(element, told) {
  element.dispatchEvent(new CustomEvent("told", { detail: told, bubbles: true }));
}

/** Ask the server how the time stands; whether it answered. */
export async function ask(element) {
  try {
    const answer = await patient(element.dataset.time);
    const told = await answer.json();
    if (answer.ok) tell(element, told);
    return answer.ok;
  } catch {
    return false; // off the line: the clock goes on by what was heard last
  }
}

/** Say something where it is seen and read out. */
function say(words, look) {
  const box = document.querySelector("[data-said]");
  const said = document.createElement("p");
  const away = document.createElement("button");
  said.className = `flash ${look}`;
  away.type = "button";
  away.className = "plain";
  away.textContent = "知道了";
  away.addEventListener("click", () => said.remove());
  said.append(words, away);
  box.replaceChildren(said);
  setTimeout(() => said.remove(), SHOWN);
}

/** Show more time beside the clock, and say it when it came while the page was open. */
function showMore({ extension, extension_reason: reason, deadline_at: until }) {
  const line = document.querySelector("[data-extension]");
  const words = moreWords(extension, reason);
  if (words === line.textContent) return;
  line.textContent = words;
  line.hidden = !words;
  if (words) say(`${words}。现在可以答到 ${CLOCK.format(Date.parse(until))}。`, "");
}

/** What the clock shows: draw(minutes, standing word) whenever either may have changed. */
function faceOf(element) {
  const until = element.querySelector("[data-until]");
  const left = element.querySelector("[data-left]");
  let before = 0; // what is left when the page is opened stands there, and is no news
  return (minutes, standing) => {
    const words = warning(before, minutes);
    until.textContent = CLOCK.format(Date.parse(element.dataset.countdown));
    left.textContent = standing || leftWords(minutes);
    left.classList.toggle("soon", minutes <= WARN_AT[0]);
    if (words) say(words, minutes === 1 ? "flash-problem" : "");
    before = minutes;
  };
}

/** Asks when nothing was heard for a while, once at a time, and not while nobody looks. */
function askerOf(element) {
  let asking = false;
  let timer = 0;
  let stopped = false;
  const now = async () => {
    if (asking || stopped || document.hidden) return;
    asking = true;
    rest();
    await ask(element);
    asking = false;
  };
  const rest = () => {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(now, QUIET);
  };
  document.addEventListener("visibilitychange", now);
  rest();
  return {
    now,
    heard(last) {
      stopped = last;
      rest();
    },
  };
}

export function enhance(element) {
  const draw = faceOf(element);
  const asker = askerOf(element);
  let ahead = Date.parse(element.dataset.now) - performance.now();
  let standing = "paused" in element.dataset ? "已暂停" : "";
  let over = false;

  const tick = () => {
    const minutes = standing ? Infinity : minutesLeft(Date.parse(element.dataset.countdown), performance.now() + ahead);
    draw(minutes, standing);
    if (minutes === 0 && !over) asker.now();
  };
  element.addEventListener("told", ({ detail }) => {
    ahead = Date.parse(detail.now) - performance.now();
    element.dataset.countdown = detail.deadline_at;
    standing = detail.cancelled ? "已取消" : detail.paused ? "已暂停" : "";
    over = !standing && Date.parse(detail.now) >= Date.parse(detail.deadline_at);
    asker.heard(detail.cancelled || detail.handed_in);
    showMore(detail);
    tick();
    if (over) element.dispatchEvent(new CustomEvent("timeup", { bubbles: true }));
  });
  tick();
  setInterval(tick, TICK);
}
