package app

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What is wrong with a value that holds a secret is told without it.
func TestSecrets(t *testing.T) {
	for _, text := range []string{
		"smtp://u:hunter2@ho st", "smtp://u:hunter2@%zz", "http://u:hunter2@host", "smtp://u:hunter2@", "smtp://:hunter2@host", "smtp://u:hunter2@host/path",
		"smtp://u:hunter2@host?tls=off", "smtps://u:hunter2@127.0.0.1?tls=off", "smtp://u:hunter2@host?tls=on", "hunter2", "smtp://u@host",
	} {
		err := smtpURL{new(string)}.Set(text)
		require.Error(t, err, text)
		require.NotContains(t, err.Error(), "hunter2")
	}
	for text, shown := range map[string]string{
		"off": "off", "smtp://host": "smtp://host", "smtp://u:hunter2@host:587": "smtp://u:xxxxx@host:587",
		"smtps://u%40x:hunter2@host": "smtps://u%40x:xxxxx@host", "smtp://u:hunter2@127.0.0.1:25?tls=off": "smtp://u:xxxxx@127.0.0.1:25?tls=off",
		"smtp://host:25?tls=off": "smtp://host:25?tls=off",
	} {
		require.NoError(t, smtpURL{new(string)}.Set(text), text)
		require.Equal(t, shown, smtpURL{}.Masked(text))
	}

	code, out, errs := run(t, "config", "print", "--http-url=https://tv.example", "--smtp-url=smtp://u:hunter2@mail.example", "--smtp-from=a@example.org",
		"--oidc-issuer=https://id.example", "--oidc-client-id=rostrum", "--oidc-client-secret=hunter3")
	require.Zero(t, code, errs)
	require.NotContains(t, out, "hunter")
	require.Regexp(t, `(?m)^smtp\.url: smtp://u:xxxxx@mail\.example +# flag`, out)
	require.Regexp(t, `(?m)^oidc\.client_secret: xxxxx +# flag`, out)
	code, _, errs = run(t, "config", "check", "--config", file(t, out))
	require.Zero(t, code, errs)
}

func TestWhatMailAndOIDCNeed(t *testing.T) {
	for want, flags := range map[string]map[string]string{
		"smtp.url: smtp://u:xxxxx@mail.example does not go with http.url off (default): give the site's public address": {
			"smtp.url": "smtp://u:hunter2@mail.example", "smtp.from": "a@example.org",
		},
		"smtp.url: smtp://mail.example does not go with smtp.from off (default): give the address": {
			"smtp.url": "smtp://mail.example", "http.url": "https://tv.example",
		},
		"smtp.from: a@example.org does not go with smtp.url off (default): give the server": {"smtp.from": "a@example.org"},
		"oidc.issuer: https://id.example does not go with http.url off (default): give the site's public address": {
			"oidc.issuer": "https://id.example", "oidc.client_id": "rostrum",
		},
		"oidc.issuer: https://id.example does not go with oidc.client_id off (default): give what": {
			"oidc.issuer": "https://id.example", "http.url": "https://tv.example",
		},
		"oidc.issuer: https://id.example does not go with oidc.name off (flag --oidc-name): give what the button": {
			"oidc.issuer": "https://id.example", "http.url": "https://tv.example", "oidc.client_id": "rostrum", "oidc.name": "off",
		},
		"oidc.client_id: rostrum does not go with oidc.issuer off (default): give the provider":   {"oidc.client_id": "rostrum"},
		"oidc.client_secret: xxxxx does not go with oidc.issuer off (default): give the provider": {"oidc.client_secret": "hunter2"},
		"oidc.sign_up: on does not go with oidc.issuer off (default): give the provider":          {"oidc.sign_up": "on"},
		"oidc.issuer: an issuer on another machine is asked by https":                             {"oidc.issuer": "http://id.example"},
		`oidc.issuer: "id.example" is not the address of an issuer`:                               {"oidc.issuer": "id.example"},
		`smtp.from: "nobody" is not an address`:                                                   {"smtp.from": "nobody"},
		"oidc.client_secret: a text of at most 256 characters on one line is wanted, or off":      {"oidc.client_secret": "a\nb"},
	} {
		_, _, err := loadConfig(sources{flags: flags})
		require.ErrorContains(t, err, want)
		require.NotContains(t, err.Error(), "hunter2")
	}
	_, _, err := loadConfig(sources{flags: map[string]string{
		"http.url": "https://tv.example", "smtp.url": "smtps://mail.example", "smtp.from": "TV <tv@example.org>",
		"oidc.issuer": "https://id.example/realms/main", "oidc.client_id": "rostrum", "oidc.sign_up": "on",
	}})
	require.NoError(t, err)
}
