package web

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/vod"
)

const goodPassword = "correct horse battery"

// user makes an account and signs its user in: cookie is what its browser sends.
func (s *site) user(name string, role account.Role) (cookie string) {
	s.t.Helper()
	u, err := s.accounts.AddUser(s.t.Context(), account.CommandLine(), account.NewUser{Name: name, Password: goodPassword, Role: role})
	require.NoError(s.t, err)
	token, err := s.accounts.OpenSession(s.t.Context(), u, account.ByPassword, account.Client{})
	require.NoError(s.t, err)
	return sessionCookie + "=" + token
}

// call asks the API with a body, as whoever has the cookie.
func (s *site) call(method, path, cookie, body string, header ...string) response {
	s.t.Helper()
	r := httptest.NewRequestWithContext(s.t.Context(), method, path, strings.NewReader(body))
	r.RemoteAddr = "192.0.2.1:1000"
	if cookie != "" {
		r.Header.Set("Cookie", cookie)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return response{w.Code, w.Header(), w.Body.String()}
}

// code is that of a problem.
func (r response) code() string {
	var p struct{ Code string }
	_ = json.Unmarshal([]byte(r.body), &p) // what is no problem has no code
	return p.Code
}

// Every operation of the API is here, with what it asks of alice, whose channel
// it is about, and who is refused. A new one fails this test until it is put in.
func TestOthersAreRefused(t *testing.T) {
	s := newSite(t, nil)
	alice, mallory, admin := s.user("alice", account.RoleUser), s.user("mallory", account.RoleUser), s.user("site-admin", account.RoleAdmin)
	moderator := s.user("site-moderator", account.RoleModerator)
	require.Equal(t, http.StatusCreated, s.call("POST", "/api/v1/channels", alice, `{"name":"show"}`).status)
	over := s.archived("show")
	key := struct{ ID string }{}
	require.NoError(t, json.Unmarshal([]byte(s.call("POST", "/api/v1/channels/show/keys", alice, `{}`).body), &key))
	hook := struct{ ID string }{}
	require.NoError(t, json.Unmarshal([]byte(s.call("POST", "/api/v1/webhooks", alice, `{"channel":"show","url":"https://example.org/","events":["clip.made"]}`).body), &hook))
	ofMallory := func(path string) string {
		var list struct{ Items []struct{ ID string } }
		require.NoError(t, json.Unmarshal([]byte(s.call("GET", path, mallory, "").body), &list))
		return list.Items[0].ID
	}
	session := ofMallory("/api/v1/me/sessions")
	require.Equal(t, http.StatusCreated, s.call("POST", "/api/v1/me/tokens", mallory, `{"label":"x","scopes":["read"]}`).status)
	token := ofMallory("/api/v1/me/tokens")
	ofAnother := s.db.NewID()
	m, err := s.accounts.UserNamed(t.Context(), "mallory")
	require.NoError(t, err)
	require.NoError(t, s.db.Write(t.Context(), func(tx *store.Tx) error {
		return tx.InsertPasskey(t.Context(), store.Passkey{ID: ofAnother, UserID: m.ID, Credential: "c", Label: "x", Data: "{}", CreatedAt: time.Now()})
	}))
	row, err := s.db.Broadcast(t.Context(), over.ID)
	require.NoError(t, err)
	clip, err := s.web.opts.Library.MakeClip(t.Context(), row, vod.ClipOrder{Title: "x", End: vod.Moment{Media: 3 * time.Second}})
	require.NoError(t, err)
	const (
		everybody  = iota // may ask
		users             // who is signed in may, about themselves
		viewers           // who is signed in may, where the channel lets them
		owners            // who may change the channel
		moderators        // of the site, and admins
		admins
	)
	operations := map[string]struct {
		who     int
		address string
		body    string
	}{
		"get /api/v1/server":                                {everybody, "", ""},
		"get /api/v1/live":                                  {everybody, "", ""},
		"get /api/v1/broadcasts":                            {everybody, "", ""},
		"get /api/v1/search":                                {everybody, "/api/v1/search?q=show", ""},
		"get /api/v1/legal/{page}":                          {everybody, "", ""},
		"get /api/v1/categories":                            {everybody, "", ""},
		"get /api/v1/categories/{category}/channels":        {everybody, "/api/v1/categories/Chess/channels", ""},
		"get /api/v1/channels/{channel}":                    {everybody, "", ""},
		"get /api/v1/channels/{channel}/broadcasts":         {everybody, "", ""},
		"get /api/v1/broadcasts/{broadcast}":                {everybody, "", ""},
		"get /api/v1/broadcasts/{broadcast}/downloads":      {everybody, "", ""},
		"get /api/v1/broadcasts/{broadcast}/events":         {everybody, "", ""},
		"post /api/v1/channels/{channel}/viewings":          {everybody, "", ""},
		"post /api/v1/broadcasts/{broadcast}/viewings":      {everybody, "", ""},
		"post /api/v1/setup":                                {everybody, "", ""},
		"post /api/v1/users":                                {everybody, "", ""},
		"post /api/v1/sessions":                             {everybody, "", ""},
		"delete /api/v1/sessions/current":                   {everybody, "", ""},
		"put /api/v1/password":                              {everybody, "", ""},
		"post /api/v1/password-resets":                      {everybody, "", ""},
		"post /api/v1/email-confirmations":                  {everybody, "", ""},
		"post /api/v1/me/email/confirmation":                {users, "", ""},
		"get /api/v1/me":                                    {users, "", ""},
		"patch /api/v1/me":                                  {users, "", `{}`},
		"put /api/v1/me/password":                           {users, "", `{"next":"another good one"}`},
		"get /api/v1/me/sessions":                           {users, "", ""},
		"delete /api/v1/me/sessions":                        {users, "", ""},
		"delete /api/v1/me/sessions/{session}":              {users, "/api/v1/me/sessions/" + session, ""},
		"post /api/v1/passkeys/challenge":                   {everybody, "", ""},
		"post /api/v1/sessions/passkey":                     {everybody, "", ""},
		"get /api/v1/me/passkeys":                           {users, "", ""},
		"post /api/v1/me/passkeys":                          {users, "", `{"credential":{}}`},
		"post /api/v1/me/passkeys/challenge":                {users, "", ""},
		"patch /api/v1/me/passkeys/{passkey}":               {users, "/api/v1/me/passkeys/" + ofAnother, `{"label":"mine"}`},
		"delete /api/v1/me/passkeys/{passkey}":              {users, "/api/v1/me/passkeys/" + ofAnother, ""},
		"get /api/v1/me/identities":                         {users, "", ""},
		"delete /api/v1/me/identities":                      {users, "/api/v1/me/identities?issuer=a&subject=b", ""},
		"get /api/v1/me/tokens":                             {users, "", ""},
		"post /api/v1/me/tokens":                            {users, "", `{"label":"x","scopes":["read"]}`},
		"delete /api/v1/me/tokens/{token}":                  {users, "/api/v1/me/tokens/" + token, ""},
		"post /api/v1/channels":                             {users, "", `{"name":"another"}`},
		"patch /api/v1/channels/{channel}":                  {owners, "", `{"title":"Mine now"}`},
		"get /api/v1/channels/{channel}/settings":           {owners, "", ""},
		"get /api/v1/channels/{channel}/health":             {owners, "", ""},
		"put /api/v1/channels/{channel}/pictures/{kind}":    {owners, "/api/v1/channels/show/pictures/avatar", `x`},
		"delete /api/v1/channels/{channel}/pictures/{kind}": {owners, "/api/v1/channels/show/pictures/avatar", ""},
		"get /api/v1/channels/{channel}/keys":               {owners, "", ""},
		"post /api/v1/channels/{channel}/keys":              {owners, "", `{}`},
		"post /api/v1/channels/{channel}/keys/{key}/rotate": {owners, "/api/v1/channels/show/keys/" + key.ID + "/rotate", ""},
		"delete /api/v1/channels/{channel}/keys/{key}":      {owners, "/api/v1/channels/show/keys/" + key.ID, ""},
		"get /api/v1/channels/{channel}/members":            {owners, "", ""},
		"put /api/v1/channels/{channel}/members/{user}":     {owners, "/api/v1/channels/show/members/mallory", `{"place":"owner"}`},
		"delete /api/v1/channels/{channel}/members/{user}":  {owners, "/api/v1/channels/show/members/alice", ""},
		"patch /api/v1/broadcasts/{broadcast}":              {owners, "", `{"title":"Mine now"}`},
		"delete /api/v1/broadcasts/{broadcast}":             {owners, "", ""},
		"get /api/v1/broadcasts/{broadcast}/audience":       {owners, "", ""},
		"post /api/v1/broadcasts/{broadcast}/beacon":        {everybody, "", ""},
		"get /api/v1/broadcasts/{broadcast}/chapters":       {everybody, "", ""},
		"post /api/v1/broadcasts/{broadcast}/clips":         {viewers, "", `{"start_ms":0,"end_ms":2000}`},
		"get /api/v1/channels/{channel}/clips":              {everybody, "", ""},
		"get /api/v1/clips/{clip}":                          {everybody, "", ""},
		"post /api/v1/clips/{clip}/viewings":                {everybody, "", ""},
		"patch /api/v1/clips/{clip}":                        {owners, "", `{"title":"Mine now"}`},
		"delete /api/v1/clips/{clip}":                       {owners, "", ""},
		"post /api/v1/reports":                              {everybody, "", ""},
		"post /api/v1/channels/{channel}/stop":              {owners, "", ""},
		"get /api/v1/admin/live":                            {moderators, "", ""},
		"get /api/v1/admin/bans":                            {moderators, "", ""},
		"put /api/v1/admin/bans/{channel}":                  {moderators, "/api/v1/admin/bans/none", ""},
		"delete /api/v1/admin/bans/{channel}":               {moderators, "/api/v1/admin/bans/none", ""},
		"get /api/v1/admin/reports":                         {moderators, "", ""},
		"post /api/v1/admin/reports/{report}/dismiss":       {moderators, "/api/v1/admin/reports/x/dismiss", ""},
		"get /api/v1/admin/takedowns":                       {moderators, "", ""},
		"post /api/v1/admin/takedowns":                      {moderators, "", `{"kind":"clip","target":"none","reason":"other"}`},
		"delete /api/v1/admin/takedowns/{takedown}":         {moderators, "/api/v1/admin/takedowns/x", ""},
		"get /api/v1/admin/users":                           {admins, "", ""},
		"post /api/v1/admin/users":                          {admins, "", `{"name":"puppet","password":"a good enough one","role":"admin"}`},
		"patch /api/v1/admin/users/{user}":                  {admins, "/api/v1/admin/users/alice", `{"role":"user"}`},
		"post /api/v1/admin/users/{user}/reset-link":        {admins, "/api/v1/admin/users/alice/reset-link", ""},
		"get /api/v1/admin/settings":                        {admins, "", ""},
		"put /api/v1/admin/settings":                        {admins, "", `{"site_name":"Mine","sign_up":"open","make_channels":true}`},
		"get /api/v1/admin/invitations":                     {admins, "", ""},
		"post /api/v1/admin/invitations":                    {admins, "", `{}`},
		"delete /api/v1/admin/invitations/{invitation}":     {admins, "/api/v1/admin/invitations/x", ""},
		"get /api/v1/admin/audit":                           {admins, "", ""},
		"get /api/v1/admin/storage":                         {admins, "", ""},
		"get /api/v1/admin/storage/channels":                {admins, "", ""},
		"put /api/v1/admin/limits":                          {admins, "", `{"retention_days":null,"retention_bytes":null,"channels_per_user":20}`},
		"get /api/v1/admin/status":                          {admins, "", ""},

		"get /api/v1/me/following":                        {users, "", ""},
		"get /api/v1/me/following/{channel}":              {users, "/api/v1/me/following/none", ""},
		"put /api/v1/me/following/{channel}":              {users, "/api/v1/me/following/none", ""},
		"delete /api/v1/me/following/{channel}":           {users, "/api/v1/me/following/none", ""},
		"put /api/v1/me/following/{channel}/notify":       {users, "", `{"page":true,"push":null,"mail":null}`},
		"get /api/v1/me/notifications":                    {users, "", ""},
		"put /api/v1/me/notifications":                    {users, "", `{"page":true,"push":true,"mail":false}`},
		"get /api/v1/me/push":                             {users, "", ""},
		"post /api/v1/me/push":                            {users, "", `{"endpoint":"https://push.example.org/","keys":{"p256dh":"","auth":""}}`},
		"delete /api/v1/me/push/{subscription}":           {users, "/api/v1/me/push/" + ofAnother, ""},
		"get /api/v1/unsubscribe":                         {everybody, "", ""},
		"post /api/v1/unsubscribe":                        {everybody, "", ""},
		"get /api/v1/channels/{channel}/followers":        {owners, "", ""},
		"get /api/v1/channels/{channel}/blocks":           {owners, "", ""},
		"put /api/v1/channels/{channel}/blocks/{user}":    {owners, "/api/v1/channels/show/blocks/mallory", ""},
		"delete /api/v1/channels/{channel}/blocks/{user}": {owners, "/api/v1/channels/show/blocks/mallory", ""},

		"get /api/v1/channels/{channel}/chat":                             {everybody, "", ""},
		"get /api/v1/channels/{channel}/chat/messages":                    {everybody, "", ""},
		"post /api/v1/channels/{channel}/chat/messages":                   {viewers, "", `{"text":"hello"}`},
		"delete /api/v1/channels/{channel}/chat/messages/{line}":          {owners, "/api/v1/channels/show/chat/messages/x", ""},
		"delete /api/v1/channels/{channel}/chat/messages":                 {owners, "/api/v1/channels/show/chat/messages?user=alice", ""},
		"get /api/v1/channels/{channel}/chat/users/{user}":                {owners, "/api/v1/channels/show/chat/users/alice", ""},
		"get /api/v1/channels/{channel}/chat/settings":                    {owners, "", ""},
		"put /api/v1/channels/{channel}/chat/settings":                    {owners, "", `{"slow_ms":0,"followers_ms":-1,"members_only":false,"emote_only":false,"links":true,"closed":true,"duplicates":true,"members_read_only":false,"max_length":500,"rules":"","recent_on_join":0}`},
		"get /api/v1/channels/{channel}/chat/restrictions":                {owners, "", ""},
		"put /api/v1/channels/{channel}/chat/restrictions/{user}":         {owners, "/api/v1/channels/show/chat/restrictions/alice", `{}`},
		"delete /api/v1/channels/{channel}/chat/restrictions/{user}":      {owners, "/api/v1/channels/show/chat/restrictions/alice", ""},
		"get /api/v1/channels/{channel}/chat/filters":                     {owners, "", ""},
		"put /api/v1/channels/{channel}/chat/filters":                     {owners, "", `{"items":[]}`},
		"get /api/v1/channels/{channel}/chat/review":                      {owners, "", ""},
		"post /api/v1/channels/{channel}/chat/review/{line}":              {owners, "/api/v1/channels/show/chat/review/x", `{"allow":true}`},
		"get /api/v1/channels/{channel}/chat/log":                         {owners, "", ""},
		"put /api/v1/channels/{channel}/chat/pin":                         {owners, "", `{"text":"x"}`},
		"delete /api/v1/channels/{channel}/chat/pin":                      {owners, "", ""},
		"post /api/v1/channels/{channel}/chat/poll":                       {owners, "", `{"question":"Well?","options":["a","b"]}`},
		"delete /api/v1/channels/{channel}/chat/poll":                     {owners, "", ""},
		"get /api/v1/channels/{channel}/emotes":                           {everybody, "", ""},
		"post /api/v1/channels/{channel}/emotes":                          {owners, "/api/v1/channels/show/emotes?code=hi", `x`},
		"delete /api/v1/channels/{channel}/emotes/{emote}":                {owners, "/api/v1/channels/show/emotes/x", ""},
		"get /api/v1/admin/emotes":                                        {admins, "", ""},
		"post /api/v1/admin/emotes":                                       {admins, "/api/v1/admin/emotes?code=hi", `x`},
		"delete /api/v1/admin/emotes/{emote}":                             {admins, "/api/v1/admin/emotes/x", ""},
		"get /api/v1/broadcasts/{broadcast}/chat":                         {everybody, "", ""},
		"get /api/v1/clips/{clip}/chat":                                   {everybody, "", ""},
		"get /api/v1/me/restrictions":                                     {users, "", ""},
		"post /api/v1/me/restrictions/{channel}/appeal":                   {users, "/api/v1/me/restrictions/none/appeal", `{"text":"Please."}`},
		"put /api/v1/me/color":                                            {users, "", `{"color":"#336699"}`},
		"get /api/v1/webhooks":                                            {admins, "", ""},
		"post /api/v1/webhooks":                                           {admins, "", `{"url":"https://example.org/","events":["report.made"]}`},
		"patch /api/v1/webhooks/{webhook}":                                {owners, "", `{"enabled":false}`},
		"delete /api/v1/webhooks/{webhook}":                               {owners, "", ""},
		"post /api/v1/webhooks/{webhook}/rotate":                          {owners, "", ""},
		"post /api/v1/webhooks/{webhook}/test":                            {owners, "", ""},
		"get /api/v1/webhooks/{webhook}/deliveries":                       {owners, "", ""},
		"post /api/v1/webhooks/{webhook}/deliveries/{sequence}/redeliver": {owners, "", ""},
	}
	fill := strings.NewReplacer("{channel}", "show", "{broadcast}", over.ID, "{clip}", clip.ID, "{webhook}", hook.ID, "{sequence}", "1")
	for path, methods := range s.description().Paths {
		for method := range methods {
			what := method + " " + path
			o, ok := operations[what]
			require.True(t, ok, "%s: say here who may", what)
			delete(operations, what)
			if o.address == "" {
				o.address = fill.Replace(path)
			}
			ask := func(cookie string, header ...string) response {
				return s.call(strings.ToUpper(method), o.address, cookie, o.body, header...)
			}
			if o.who == everybody {
				continue
			}
			a := ask("")
			require.Equal(t, http.StatusUnauthorized, a.status, "%s by nobody: %s", what, a.body)
			require.Equal(t, "sign_in", a.code(), what)
			if method != "get" { // a read is answered, and the browser keeps the answer from the other site's page
				a := ask(alice, "Sec-Fetch-Site", "cross-site")
				require.Equal(t, http.StatusForbidden, a.status, what)
				require.Equal(t, codeForeign, a.code(), what)
			}
			switch o.who {
			case users:
				// About oneself alone: of others nothing can be named.
				if strings.Contains(path, "{") {
					require.Equal(t, http.StatusNotFound, ask(alice).status, what)
				}
			case viewers:
				require.Equal(t, http.StatusCreated, ask(mallory).status, what)
			case owners:
				a := ask(mallory)
				require.Equal(t, http.StatusForbidden, a.status, "%s by a stranger: %s", what, a.body)
				require.Equal(t, "forbidden", a.code(), what)
			case admins, moderators:
				a := ask(alice)
				require.Equal(t, http.StatusForbidden, a.status, "%s by a user: %s", what, a.body)
				require.NotEqual(t, http.StatusForbidden, ask(admin).status, what)
				if o.who == moderators {
					require.NotEqual(t, http.StatusForbidden, ask(moderator).status, what)
				}
			}
		}
	}
	require.Empty(t, operations, "operations that are no more")
	var c struct{ Title string }
	s.json("/api/v1/channels/show", &c)
	require.Equal(t, "show", c.Title)
}
