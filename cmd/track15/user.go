package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
)

type userCmds struct {
	Add userAddCmd `cmd:"" help:"Make an account, with one role in one series or in all."`
}

type userAddCmd struct {
	storeFlags
	Email  string `arg:"" help:"Address with which the person signs in."`
	Name   string `help:"Name as it stands in signatures (default: the address before the @)."`
	Role   string `required:"" help:"One of: ${roles}."`
	Series string `required:"" placeholder:"SLUG" help:"Series for which the role is given: its name in addresses, or all."`

	Outside bool   `help:"Somebody who is not of the house; needs --until and --reason."`
	Until   string `placeholder:"DATE" help:"Last day on which the role holds, in UTC, as 2026-06-30 (default: no end)."`
	Reason  string `placeholder:"TEXT" help:"Why they need the role; the record keeps it. Needed with --until."`
}

// Run makes the account. The password is the first line of standard input; if
// nothing comes in, or a person sits at the terminal, one is made and printed.
func (c *userAddCmd) Run(ctx context.Context, t *terminal) (err error) {
	password, given, err := readPassword(t.in)
	if err != nil {
		return err
	}
	o, err := c.open(ctx, t.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	actor := operatorActor()
	series, err := findSeries(ctx, o.record, actor, c.Series)
	if err != nil {
		return err
	}
	name := c.Name
	if name == "" {
		name, _, _ = strings.Cut(c.Email, "@")
	}
	account := record.Account{
		Email: c.Email, Name: name, Outside: c.Outside, Reason: c.Reason, Until: record.Date(c.Until),
		Grants: []record.Grant{{Role: record.RoleName(strings.ReplaceAll(c.Role, "-", " ")), SeriesID: series}},
	}
	if account, err = o.record.AddAccount(ctx, actor, account, password); err != nil {
		return err
	}
	until := ""
	if c.Until != "" {
		until = " until " + c.Until
	}
	fmt.Fprintf(t.out, "%s may sign in as %s%s.\n", account.Email, account.Grants[0].Role, until)
	if !given {
		fmt.Fprintf(t.out, "Password: %s\n", password)
	}
	return err
}

// readPassword takes the first line of what is piped in, or makes one of 130
// bits.
func readPassword(in io.Reader) (password string, given bool, err error) {
	if f, ok := in.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return rand.Text(), false, nil
	}
	line, err := bufio.NewReader(io.LimitReader(in, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", false, err
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return rand.Text(), false, nil
	}
	return line, true, nil
}

// findSeries returns the id of the series with the slug or name; all series
// for "all".
func findSeries(ctx context.Context, s *recordstore.Store, actor record.Actor, wanted string) (string, error) {
	if wanted == "all" {
		return record.AllSeries, nil
	}
	series, err := s.AllSeries(ctx, actor)
	if err != nil {
		return "", err
	}
	for _, one := range series {
		if one.SlugWish == wanted || one.ID == wanted || one.Name == wanted {
			return one.ID, nil
		}
	}
	return "", fault.Field("--series", "There is no such series. Enter its slug or its name, or all.")
}
