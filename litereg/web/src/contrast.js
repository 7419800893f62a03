// GraphiQL's dark theme with comments and line numbers that can be read: the first tab teaches in
// comments. The theme is defined when the page starts, so the definition is amended on its way.

import { editor } from "monaco-graphql/esm/monaco-editor.js";

const define = editor.defineTheme;

editor.defineTheme = (name, theme) => define(name, theme.base === "vs-dark" ? withContrast(theme) : theme);

function withContrast(theme) {
  return {
    ...theme,
    colors: { ...theme.colors, "editorLineNumber.foreground": "#98a3b8" },
    rules: [...theme.rules, { token: "comment", foreground: "8fbc7a" }],
  };
}
