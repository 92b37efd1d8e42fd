// The desk's script: every page works without it.
import "../search.js";
import "./errors.js";
import "./findings.js";
import "./guard.js";
import "./paste.js";
import "./preview.js";
import "./print.js";
import "./shortcuts.js";
import "./ticks.js";
