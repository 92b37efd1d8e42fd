// The draft page's editor: CodeMirror over <textarea data-editor>. The
// textarea stays the form's field and is kept in step, so that the page works
// the same without this script. data-nonce is the style nonce of the page's
// content security policy.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { defineLanguageFacet, HighlightStyle, Language, languageDataProp, syntaxHighlighting } from "@codemirror/language";
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
