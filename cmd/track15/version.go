package main

import (
	"fmt"
	"runtime/debug"
)

type versionCmd struct{}

// Run prints one line: the module's version, the commit and Go's.
func (versionCmd) Run(t *terminal) error {
	commit, goes := "", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		goes = info.GoVersion
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				commit = " " + s.Value[:min(12, len(s.Value))]
			}
		}
	}
	_, err := fmt.Fprintf(t.out, "track15 %s%s %s\n", moduleVersion(), commit, goes)
	return err
}

// moduleVersion is the version of the module.
func moduleVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
