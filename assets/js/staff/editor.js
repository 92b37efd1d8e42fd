// The draft page's editor: CodeMirror over <textarea data-editor>. The
// textarea stays the form's field and is kept in step, so that the page works
// the same without this script. data-nonce is the style nonce of the page's
// content security policy.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { defineLanguageFacet, HighlightStyle, Language, languageDataProp, syntaxHighlighting } from "@codemirror/language";
import { linter, openLintPanel, previousDiagnostic } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { parser } from "@lezer/markdown";

const look = EditorView.theme({
  "&": { border: "1px solid var(--edge)", borderRadius: "var(--radius)", background: "var(--panel)", color: "var(--ink)" },
  "&.cm-focused": { outline: "3px solid var(--focus)", outlineOffset: "2px" },
  ".cm-scroller": { font: "inherit", lineHeight: "1.6" },
  ".cm-content": { padding: ".7rem", minHeight: "20rem", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0" },
  // The check's marks are those of its page, not the waves of the library.
  ".cm-lintRange": { backgroundImage: "none !important", paddingBottom: "0" },
  ".cm-tooltip": { background: "var(--panel)", color: "var(--ink)", border: "1px solid var(--edge)", font: "400 var(--s0)/1.4 var(--sans)" },
  ".cm-panels": { background: "var(--sunk)", color: "var(--ink)" },
  ".cm-panel.cm-panel-lint ul [aria-selected]": { background: "var(--panel) !important", color: "var(--ink) !important" },
  ".cm-diagnostic": { border: "0", padding: ".5rem .75rem", maxWidth: "26rem" },
  ".cm-diagnosticAction": { background: "var(--action)", color: "var(--action-ink)", borderRadius: "var(--radius)", padding: ".3rem .6rem", marginInlineStart: ".5rem" },
});
// Markdown alone, without the HTML inside it: drafts have none.
const data = defineLanguageFacet();
const markdown = new Language(data, parser.configure({ props: [languageDataProp.add({ Document: data })] }), [], "markdown");
const marks = HighlightStyle.define([
  { tag: tags.heading, fontWeight: "600" },
  { tag: tags.strong, fontWeight: "600" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: tags.processingInstruction, color: "var(--ink-2)" },
]);

const letters = { error: "b", warning: "c", info: "a" };

// checked compares what is typed with the record, a moment after the last key: the
// words go to the address of data-check and nothing of them is kept, here or there.
const checked = (address) =>
  linter(
    async (view) => {
      const text = view.state.doc.toString();
      const answer = await fetch(address, { method: "POST", body: new URLSearchParams({ body: text }), redirect: "error" }).catch(() => null);
      if (!answer?.ok) return [];
      return (await answer.json())
        .filter((found) => found.to <= view.state.doc.length)
        .map((found) => ({
          from: found.from,
          to: found.to,
          severity: found.severity,
          markClass: `f f--${letters[found.severity]}`,
          message: `${found.says} ${found.help}`,
          actions: found.insert
            ? [
                {
                  name: `Reword: “${found.insert}”`,
                  apply: (on, from, to) => on.dispatch({ changes: { from: from - (found.from - found.begin), to, insert: found.insert } }),
                },
              ]
            : [],
        }));
    },
    { delay: 500 },
  );

for (const field of document.querySelectorAll("textarea[data-editor]")) {
  const label = field.labels[0];
  const view = new EditorView({
    doc: field.value,
    extensions: [
      EditorView.cspNonce.of(field.dataset.nonce ?? ""),
      EditorState.readOnly.of(field.readOnly),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({
        "aria-label": label?.textContent.trim() ?? "",
        "aria-describedby": field.getAttribute("aria-describedby") ?? "",
        autocapitalize: "off",
        autocorrect: "off",
        spellcheck: "false",
        translate: "no",
      }),
      history(),
      keymap.of([...defaultKeymap, ...historyKeymap]), // no Tab: the keyboard must be able to leave
      markdown,
      syntaxHighlighting(marks),
      look,
      field.dataset.check
        ? [
            checked(field.dataset.check),
            // Into the list of findings with their choices; Escape leads back.
          keymap.of([{ key: "F8", run: openLintPanel }, { key: "Shift-F8", run: previousDiagnostic }])]
        : [],
      EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        field.value = view.state.doc.toString();
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }),
    ],
  });
  view.dom.classList.add("text-as-public");
  field.required = false; // a hidden field cannot show the message; the server says it
  field.hidden = true;
  field.after(view.dom);
  label?.addEventListener("click", () => view.focus());
}
