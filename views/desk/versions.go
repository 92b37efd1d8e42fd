package desk

import "strconv"

// versionName is what a page calls a version.
func versionName(n int64) string { return "Version " + versionNumber(n) }

func versionNumber(n int64) string { return strconv.FormatInt(n, 10) }
