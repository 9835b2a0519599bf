package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/rostrumlive/rostrum/internal/account"
)

// demoPasswordFile holds the password of the demo's people, in the data folder,
// mode 0600. One is enough: they are all for whoever started the demo.
const demoPasswordFile = "demo-password"

// demoPeople are the demo's accounts.
var demoPeople = [...]struct {
	name string
	role account.Role
}{
	{"demo-admin", account.RoleAdmin},
	{"demo-streamer", account.RoleUser},
	{"demo-viewer", account.RoleUser},
}

// makeDemoPeople makes the demo's accounts at the first start, and returns their
// password. The demo's channels are the streamer's.
func makeDemoPeople(ctx context.Context, accounts *account.Service, data string) (password string, err error) {
	anew := false
	password, err = demoSecret(filepath.Join(data, demoPasswordFile),
		func(string) (bool, error) { return true, nil },
		func() (string, error) {
			anew = true
			return strings.ToLower(rand.Text()[:16]), nil
		})
	if err != nil {
		return "", err
	}
	local := account.CommandLine()
	for _, p := range demoPeople {
		_, err := accounts.UserNamed(ctx, p.name)
		switch {
		case errors.Is(err, account.ErrUnknownUser):
			_, err = accounts.AddUser(ctx, local, account.NewUser{Name: p.name, Role: p.role, Password: password})
		case err == nil && anew: // the file was lost
			err = accounts.ForcePassword(ctx, local, p.name, password)
		}
		if err != nil {
			return "", fmt.Errorf("make %s: %w", p.name, err)
		}
	}
	for _, channel := range []string{demoChannel, demoStreamer} {
		if err := accounts.SetPlace(ctx, local, channel, "demo-streamer", account.PlaceOwner); err != nil {
			return "", fmt.Errorf("give %s away: %w", channel, err)
		}
	}
	return password, nil
}
