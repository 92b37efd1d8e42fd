// The public site's script: every page works without it.
import "../search.js";
import "./copy.js";
import "./filters.js";
import "./letter.js";
