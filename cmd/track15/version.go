package main

import (
	"fmt"
	"runtime/debug"
)

type versionCmd struct{}

// Run prints one line: the module's version, the commit and Go's.
func (versionCmd) Run(t *terminal) error {
	version, commit, goes := "(devel)", "", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		if info.Main.Version != "" {
			version = info.Main.Version
		}
		goes = info.GoVersion
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				commit = " " + s.Value[:min(12, len(s.Value))]
			}
		}
	}
	_, err := fmt.Fprintf(t.out, "track15 %s%s %s\n", version, commit, goes)
	return err
}
