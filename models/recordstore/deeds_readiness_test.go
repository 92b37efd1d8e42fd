package recordstore_test

// The deeds on what must hold before a release goes out.
func init() {
	for _, name := range []string{"Readiness", "RoundReadiness", "Warnings", "AskSecond", "ReturnRelease", "MakeReleaseCodes", "EndReleaseCodes", "ReleaseCodes", "CountersignByTelephone"} {
		elsewhere[name] = "release"
	}
	for _, name := range []string{"MakeLink", "RevokeLink", "LinkOf", "OpenLink", "AnswerLink"} {
		elsewhere[name] = "reply_links_test"
	}
}
