package recordstore_test

// The deeds on what must hold before a release goes out.
func init() {
	elsewhere["Readiness"] = "release"
	elsewhere["Warnings"] = "release"
}
