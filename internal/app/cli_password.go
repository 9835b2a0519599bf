package app

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// maxLine bounds the password that is read from a pipe.
const maxLine = 4096

var errNoPassword = errors.New("a password is wanted: type it, or give it as the first line of standard input")

// askPassword asks for a new password on the terminal, twice and without echo.
// When standard input is no terminal it is its first line.
func (inv *invocation) askPassword() (string, error) {
	if f, ok := inv.stdin.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return inv.askTerminal(f)
	}
	line, err := bufio.NewReader(io.LimitReader(inv.stdin, maxLine)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", errNoPassword
	}
	return line, nil
}

func (inv *invocation) askTerminal(f *os.File) (string, error) {
	ask := func(prompt string) (string, error) {
		fmt.Fprint(inv.stderr, prompt)
		b, err := term.ReadPassword(int(f.Fd()))
		fmt.Fprintln(inv.stderr)
		if err != nil {
			return "", fmt.Errorf("read the password: %w", err)
		}
		return string(b), nil
	}
	first, err := ask("Password: ")
	if err != nil {
		return "", err
	}
	if first == "" {
		return "", errNoPassword
	}
	again, err := ask("Once more: ")
	if err != nil {
		return "", err
	}
	if again != first {
		return "", errors.New("the two are not the same; nothing was changed")
	}
	return first, nil
}
