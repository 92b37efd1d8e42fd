// Notes taken live. What is typed is kept in the browser, encrypted under a key
// that only the server holds, until the server says that it is sealed there: a
// network that is away, a reload, a sleep or a crash loses no line, and what
// lies on the disk cannot be read without the server. Without this script each
// line is a form of its own.
const live = document.querySelector("[data-live]");
const address = live?.dataset.live;
const form = live?.querySelector("[data-compose]");
const log = live?.querySelector("[data-log]");
const state = live?.querySelector("[data-state]");

const letters = "abcdefghijklmnopqrstuvwxyz234567";
// newID makes 26 characters that carry 128 random bits.
const newID = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let id = "", bits = 0, n = 0;
  for (const b of bytes) {
    bits = (bits << 8) | b;
    for (n += 8; n >= 5; n -= 5) id += letters[(bits >> (n - 5)) & 31];
  }
  return id + letters[(bits << (5 - n)) & 31];
};

// The store of what was not sent: {id, session, n, iv, data}, data encrypted.
const database = () =>
  new Promise((resolve, reject) => {
    const asked = indexedDB.open("track15", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("lines", { keyPath: "id" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
// strict: the promise ends when the bytes are on the disk.
const within = async (db, mode, work) =>
  new Promise((resolve, reject) => {
    const tx = db.transaction("lines", mode, { durability: "strict" });
    const asked = work(tx.objectStore("lines"));
    tx.oncomplete = () => resolve(asked.result);
    tx.onerror = tx.onabort = () => reject(tx.error);
  });

class Kept {
  constructor(db, key, session) {
    Object.assign(this, { db, key, session });
  }
  async put(line) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(line));
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(line.id) }, this.key, plain);
    await within(this.db, "readwrite", (s) => s.put({ id: line.id, session: this.session, iv, data }));
  }
  drop(id) {
    return within(this.db, "readwrite", (s) => s.delete(id));
  }
  async all() {
    const rows = (await within(this.db, "readonly", (s) => s.getAll())).filter((row) => row.session === this.session);
    const lines = await Promise.all(
      rows.map(async ({ id, iv, data }) => {
        try {
          const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(id) }, this.key, data);
          return JSON.parse(new TextDecoder().decode(plain));
        } catch {
          return null; // another person's, on the same computer
        }
      }),
    );
    return lines.filter(Boolean).sort((a, b) => a.n - b.n);
  }
}

const start = async () => {
  const { speaker, text } = form.elements;
  const most = 3500000; // characters of a form; the server takes 4 MiB
  const session = live.dataset.session;
  const composing = `composer-${session}`;
  let waiting = []; // lines in their order, not known to be sealed
  let last = 0; // the number of the last line: a clock that goes back changes no order
  let since = Number(live.dataset.last);
  let away = null; // since when nothing reaches the server
  let why = ""; // what the server says against sending at all
  let timer = 0, pause = 0, sending = false, paused = Boolean(form.querySelector('[data-pause][value="resumed"]'));

  const bytes = await fetch(`${address}/key`, { redirect: "error" });
  if (!bytes.ok) throw new Error("no key");
  const key = await crypto.subtle.importKey("raw", await bytes.arrayBuffer(), "AES-GCM", false, ["encrypt", "decrypt"]);
  const kept = new Kept(await database(), key, session);

  const clock = (at) => new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const tell = () => {
    const n = waiting.length;
    const lines = n === 1 ? "1 line is" : `${n} lines are`;
    state.hidden = false;
    state.classList.toggle("is-saved", n === 0 && !away && !why);
    state.replaceChildren();
    const say = (tag, words) => state.append(Object.assign(document.createElement(tag), { textContent: words }), " ");
    if (why) say("b", why);
    else if (away) say("b", `No network since ${clock(away)}.`);
    if (n > 0) say("span", `${lines} kept encrypted until sent; the key is held by the server. Keep writing.`);
    else if (!why && !away) say("span", "All lines are saved.");
    if (away || why) {
      const again = Object.assign(document.createElement("button"), { type: "button", className: "btn btn--small btn--bare push", textContent: "Try now" });
      again.addEventListener("click", send);
      state.append(again);
    }
    live.querySelector("[data-kept]").hidden = n === 0;
  };

  // show puts a line that was not sent yet at the end of the log.
  const show = (line) => {
    const item = document.createElement("li");
    item.className = "entry-l is-pending";
    item.id = `l-${line.id}`;
    const part = (tag, words, name = "") => item.append(Object.assign(document.createElement(tag), { textContent: words, className: name }));
    part("time", clock(line.at));
    part("b", line.kind ? "" : line.speaker || "@?", "who");
    part("p", line.kind === "paused" ? "No notes from here on." : line.kind ? "Notes again." : line.text);
    item.querySelector("p").dir = "auto";
    part("span", "In this browser", "muted small");
    log.append(item);
    live.querySelector("[data-none]")?.remove();
    item.scrollIntoView({ block: "nearest" });
  };

  // take puts what the server answered into the page.
  const take = async (page) => {
    const got = new DOMParser().parseFromString(page, "text/html");
    for (const item of got.querySelectorAll("li[data-position]")) {
      const position = Number(item.dataset.position);
      const old = document.getElementById(item.id);
      const here = document.importNode(item, true);
      if (old && !old.classList.contains("is-pending")) old.replaceWith(here);
      else {
        old?.remove();
        const pending = log.querySelector(".is-pending");
        log.insertBefore(here, pending);
      }
      since = Math.max(since, position);
      const id = item.id.slice(2);
      if (waiting.some((line) => line.id === id)) {
        waiting = waiting.filter((line) => line.id !== id);
        await kept.drop(id);
      }
      live.querySelector("[data-none]")?.remove();
    }
    const rule = got.querySelector("[data-rule]");
    if (rule) document.querySelector("[data-rule]")?.replaceWith(document.importNode(rule, true));
    for (const { dataset } of got.querySelectorAll("li[data-taken]")) {
      waiting = waiting.filter((line) => line.id !== dataset.taken);
      document.getElementById(`l-${dataset.taken}`)?.remove();
      await kept.drop(dataset.taken);
    }
    for (const item of got.querySelectorAll("li[data-refused]")) {
      const line = waiting.find((line) => line.id === item.dataset.refused);
      if (line) await giveBack(line, item.textContent);
    }
  };

  // giveBack puts a line that is not taken where it can be mended, in front of
  // what stands there.
  const giveBack = async (line, because) => {
    waiting = waiting.filter((other) => other !== line);
    document.getElementById(`l-${line.id}`)?.remove();
    speaker.value = line.speaker;
    text.value = [line.text, text.value].filter(Boolean).join("\n");
    await remember();
    await kept.drop(line.id);
    why = because;
  };

  // next are the first of the waiting lines, as many as one form holds, and the
  // form.
  const next = () => {
    const head = new URLSearchParams({ sent: Date.now(), since }).toString();
    const batch = [];
    let body = head;
    for (const line of waiting.slice(0, 50)) {
      const { id, at, kind, speaker, text } = line;
      const part = `&${new URLSearchParams({ id, at, kind, speaker, text })}`;
      if (batch.length > 0 && body.length + part.length > most) break;
      batch.push(line);
      body += part;
    }
    return { batch, body: new URLSearchParams(body) };
  };

  // reason is what the server's page says of why it takes no lines.
  const reason = (page) => {
    const says = new DOMParser().parseFromString(page, "text/html").querySelector("[data-why]")?.textContent;
    return ["The server cannot take lines now.", says].filter(Boolean).join(" ");
  };

  const send = async () => {
    if (sending) return;
    sending = true;
    clearTimeout(timer);
    try {
      const { batch, body } = next();
      const answer = batch.length > 0
        ? await fetch(`${address}/lines`, { method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(20000) })
        : await fetch(`${address}/lines?since=${since}`, { redirect: "manual", signal: AbortSignal.timeout(20000) });
      away = null;
      why = "";
      pause = 0;
      if (answer.ok) await take(await answer.text());
      else if (answer.status === 413 && batch.length === 1) await giveBack(batch[0], "This line is too long. Log it in parts.");
      else if (answer.type === "opaqueredirect" || answer.status === 401) why = "You are signed out, or the screen is covered. Sign in in another tab.";
      else if (answer.status === 404 || answer.status === 403) why = "You no longer take the notes of this session. Ask the coordinator before you close this page.";
      else why = reason(await answer.text());
    } catch {
      away ??= Date.now();
    }
    sending = false;
    tell();
    pause = away || why ? Math.min(pause * 2 || 1000, 15000) : 0;
    timer = setTimeout(send, pause || (waiting.length > 0 ? 0 : 10000));
  };

  // keep takes a line into the store and then sends it.
  const keep = async (kind) => {
    const line = { id: newID(), n: (last = Math.max(last + 1, Date.now() * 1000)), at: Date.now(), kind, speaker: speaker.value.trim(), text: text.value };
    if (!kind && line.text.trim() === "") return;
    if (!kind) {
      const code = /^@(\S+)\s/.exec(line.text);
      text.value = "";
      if (code) speaker.value = code[1].toUpperCase();
    }
    waiting.push(line);
    show(line);
    tell();
    try {
      await kept.put(line);
      if (!kind) await remember();
    } catch {
      why = "This browser cannot keep lines: do not close the page before they are sent.";
    }
    send();
  };

  // remember keeps what stands in the composer.
  const remember = () =>
    text.value.trim() === "" ? kept.drop(composing) : kept.put({ id: composing, n: 0, speaker: speaker.value, text: text.value });

  for (const line of await kept.all()) {
    last = Math.max(last, line.n);
    if (line.id === composing) {
      speaker.value ||= line.speaker;
      text.value ||= line.text;
    } else if (document.getElementById(`l-${line.id}`)) await kept.drop(line.id);
    else {
      waiting.push(line);
      show(line);
    }
  }

  // What stands in the field is kept at most this long after it was typed, also
  // while somebody types on; data-typing is there until it is.
  let typed = 0;
  form.addEventListener("input", () => {
    form.dataset.typing = "";
    typed ||= setTimeout(async () => {
      typed = 0;
      await remember().catch(() => {});
      if (!typed) delete form.dataset.typing;
    }, 300);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter?.dataset.pause !== undefined) return change();
    keep("");
  });
  const change = () => {
    paused = !paused;
    keep(paused ? "paused" : "resumed");
    const button = form.querySelector("[data-pause]");
    button.firstChild.textContent = paused ? "Notes again " : "Pause: no notes ";
  };
  text.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      keep("");
    }
    if (event.key === "ArrowUp" && text.value === "") {
      const last = [...log.querySelectorAll("[data-edit]")].at(-1);
      if (last) {
        event.preventDefault();
        last.click();
      }
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.altKey && event.code === "KeyP") {
      event.preventDefault();
      change();
    }
  });
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", () => document.hidden || send());
  document.querySelector('form[action="/sign-out"]')?.addEventListener("submit", (event) => {
    if (waiting.length > 0 && !confirm("Some lines are only in this browser. They can be sent when you sign in here again. Sign out?")) event.preventDefault();
  });
  text.focus();
  tell();
  send();
};

if (form) {
  start().catch(() => {
    state.hidden = false;
    state.textContent = "Lines are sent one by one: this browser keeps none.";
  });
}
