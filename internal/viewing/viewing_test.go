package viewing

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

func TestWhatIsOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, account.Public)
		hidden := h.broadcast(h.channel.ID, account.Members)
		shown := h.broadcast(h.channel.ID, account.Public)
		for _, v := range []account.Visibility{account.Public, account.Unlisted, account.Password, account.Members} {
			h.set(v, "")
			h.Forget(h.channel.ID)
			for what, want := range map[What]bool{
				h.live():                v == account.Public || v == account.Unlisted,
				{Channel: h.channel.ID}: v == account.Public || v == account.Unlisted,
				h.recorded():            v == account.Public || v == account.Unlisted,
				{Broadcast: hidden}:     false,
				{Broadcast: shown}:      true,
				// One that has just begun has no row yet: its channel counts.
				{Broadcast: h.db.NewID(), Channel: h.channel.ID}: v == account.Public || v == account.Unlisted,
				{Name: "nobody"}:          true,
				{Broadcast: "../../etc"}:  true,
				{Broadcast: h.db.NewID()}: true,
				{}:                        true,
			} {
				open, err := h.Open(t.Context(), what)
				require.NoError(t, err)
				require.Equal(t, want, open, "%s: %+v", v, what)
			}
		}
	})
}

// Another process's change is noticed within Fresh, and one of this process at
// once.
func TestChangesAreNoticed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, account.Public)
		open := func() bool {
			ok, err := h.Open(t.Context(), h.live())
			require.NoError(t, err)
			return ok
		}
		require.True(t, open())
		h.set(account.Members, "")
		require.True(t, open(), "what was read is believed for a moment")
		time.Sleep(2 * time.Second)
		require.False(t, open())
		h.set(account.Public, "")
		require.False(t, open())
		h.Forget(h.channel.ID)
		require.True(t, open())
		require.NoError(t, h.db.Write(t.Context(), func(tx *store.Tx) error { return tx.DeleteChannel(t.Context(), h.channel.ID) }))
		time.Sleep(2 * time.Second)
		require.True(t, open(), "there is nothing to watch")
		_, err := h.Begin(t.Context(), h.live(), Asker{Password: secret})
		require.ErrorIs(t, err, ErrUnknown)
	})
}

// What is on the air stays so when the database is gone; what was never asked
// for cannot be told.
func TestDatabaseTrouble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, account.Public)
		_, session := h.user("member", account.PlaceMember)
		_, err := h.Open(t.Context(), h.live())
		require.NoError(t, err)
		h.set(account.Members, "")
		g := h.begin(h.recorded(), Asker{Session: session})
		require.NoError(t, h.db.Close())
		for range 5 {
			time.Sleep(10 * time.Second)
			open, err := h.Open(t.Context(), h.live())
			require.NoError(t, err)
			require.True(t, open)
			require.NoError(t, ask(t, h.Service, g, h.recorded(), Playlist), "for a while")
		}
		time.Sleep(trust)
		require.ErrorIs(t, ask(t, h.Service, g, h.recorded(), Playlist), ErrUnavailable)
		_, err = h.Open(t.Context(), What{Name: "never-asked"})
		require.ErrorIs(t, err, ErrUnavailable)
	})
}

func TestWhoMayBegin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, account.Public)
		b, err := h.Begin(t.Context(), h.live(), Asker{})
		require.NoError(t, err)
		require.Empty(t, b, "anyone may watch")

		sessions := map[string]string{"": "", "nobody": "nonsense", "unknown": h.db.NewID()}
		for name, p := range map[string]account.Place{
			"stranger": account.PlaceNone, "member": account.PlaceMember, "moderator": account.PlaceModerator,
			"editor": account.PlaceEditor, "owner": account.PlaceOwner,
		} {
			_, sessions[name] = h.user("the-"+name, p)
		}
		admin, session := h.user("theadmin", account.PlaceNone)
		sessions["admin"] = session
		require.NoError(t, h.accounts.SetRole(t.Context(), account.CommandLine(), admin.Name, account.RoleAdmin))
		mod, session := h.user("themod", account.PlaceNone)
		sessions["site moderator"] = session
		require.NoError(t, h.accounts.SetRole(t.Context(), account.CommandLine(), mod.Name, account.RoleModerator))

		members := map[string]bool{"member": true, "moderator": true, "editor": true, "owner": true, "admin": true, "site moderator": true}
		editors := map[string]bool{"editor": true, "owner": true, "admin": true}
		for name, session := range sessions {
			for _, what := range []What{h.live(), h.recorded()} {
				h.set(account.Members, "")
				h.Forget(h.channel.ID)
				_, err := h.Begin(t.Context(), what, Asker{Session: session, Password: secret})
				requireBegins(t, members[name], err, ErrMembers, name)
				h.set(account.Password, "")
				h.Forget(h.channel.ID)
				_, err = h.Begin(t.Context(), what, Asker{Session: session})
				requireBegins(t, editors[name], err, ErrNoPassword, name)
				_, err = h.Begin(t.Context(), what, Asker{Session: session, Password: other})
				requireBegins(t, editors[name], err, ErrWrongPassword, name)
				_, err = h.Begin(t.Context(), what, Asker{Session: session, Password: secret})
				requireBegins(t, true, err, nil, name)
				time.Sleep(time.Minute) // wrong passwords are counted
			}
		}
	})
}

func requireBegins(t *testing.T, may bool, err, otherwise error, who string) {
	t.Helper()
	if may {
		require.NoError(t, err, who)
		return
	}
	require.ErrorIs(t, err, otherwise, who)
}

// A viewing opens what it was made for, and nothing else.
func TestWhatAViewingOpens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, account.Password)
		second := h.broadcast(h.channel.ID, "")
		narrow := h.broadcast(h.channel.ID, account.Members)
		shared := h.broadcast(h.channel.ID, account.Public)
		elsewhere, err := h.accounts.AddChannel(t.Context(), account.CommandLine(), "bob")
		require.NoError(t, err)
		v, password := account.Password, secret
		_, err = h.accounts.SetDetails(t.Context(), account.CommandLine(), "bob", account.AnyRevision, account.Details{Visibility: &v, Password: &password})
		require.NoError(t, err)
		theirs := h.broadcast(elsewhere.ID, "")

		channel := h.begin(h.live(), Asker{Password: secret})
		recording := h.begin(h.recorded(), Asker{Password: secret})
		for what, want := range map[What][2]error{ // for the channel's viewing, for the recording's
			h.live():            {nil, ErrForbidden},
			h.recorded():        {nil, nil},
			{Broadcast: second}: {nil, ErrForbidden},
			{Broadcast: narrow}: {ErrRevoked, ErrForbidden},
			{Broadcast: shared}: {nil, nil},
			{Name: "bob"}:       {ErrForbidden, ErrForbidden},
			{Broadcast: theirs}: {ErrForbidden, ErrForbidden},
			{Name: "nobody"}:    {nil, nil},
		} {
			for i, g := range []Grant{channel, recording} {
				require.Equal(t, want[i], ask(t, h.Service, g, what, Playlist), "%d: %+v", i, what)
			}
		}
	})
}

// A member's viewing opens what is for members only, and an editor's all.
func TestPlacesOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, account.Members)
		for name, want := range map[string]error{"member": ErrRevoked, "editor": nil} {
			_, session := h.user(name, account.Place(name))
			h.set(account.Members, "")
			h.Forget(h.channel.ID)
			g := h.begin(h.live(), Asker{Session: session})
			require.NoError(t, ask(t, h.Service, g, h.live(), Playlist))
			h.set(account.Password, "")
			h.Forget(h.channel.ID)
			require.Equal(t, want, ask(t, h.Service, g, h.live(), Playlist), name)
		}
	})
}

// What is live lapses a minute after its last playlist; what is recorded after
// six hours without any request. Both must begin within ten minutes.
func TestLapse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, account.Password)
		live, recorded := h.begin(h.live(), Asker{Password: secret}), h.begin(h.recorded(), Asker{Password: secret})
		never, late := h.begin(h.live(), Asker{Password: secret}), h.begin(h.recorded(), Asker{Password: secret})
		time.Sleep(9 * time.Minute)
		for range 20 {
			require.NoError(t, ask(t, h.Service, live, h.live(), Playlist))
			time.Sleep(50 * time.Second)
		}
		require.NoError(t, ask(t, h.Service, live, h.recorded(), Media), "media of the channel")
		require.ErrorIs(t, ask(t, h.Service, never, h.live(), Playlist), ErrLapsed)
		require.ErrorIs(t, ask(t, h.Service, late, h.recorded(), Playlist), ErrLapsed)
		time.Sleep(11 * time.Second)
		require.ErrorIs(t, ask(t, h.Service, live, h.live(), Playlist), ErrLapsed, "media extend no live viewing")
		require.ErrorIs(t, ask(t, h.Service, live, h.live(), Playlist), ErrLapsed, "and it stays lapsed")
		require.ErrorIs(t, ask(t, h.Service, recorded, h.recorded(), Media), ErrLapsed)

		recorded = h.begin(h.recorded(), Asker{Password: secret})
		require.NoError(t, ask(t, h.Service, recorded, h.recorded(), Playlist))
		for range 5 {
			time.Sleep(5*time.Hour + 50*time.Minute)
			require.NoError(t, ask(t, h.Service, recorded, h.recorded(), Media), "a player that was paused goes on")
		}
		time.Sleep(6*time.Hour + time.Minute)
		require.ErrorIs(t, ask(t, h.Service, recorded, h.recorded(), Media), ErrLapsed)
	})
}

// Whatever takes the right away ends the viewing well within a minute.
func TestRevoked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, account.Members)
		type case_ struct {
			with   func(name string) Asker
			revoke func(name string)
		}
		ctx := t.Context()
		places := map[string]account.Actor{}
		member := func(name string) Asker {
			h.set(account.Members, "")
			u, session := h.user(name, account.PlaceMember)
			places[name] = actorOf(u, session)
			return Asker{Session: session}
		}
		word := func(string) Asker {
			h.set(account.Password, secret)
			return Asker{Password: secret}
		}
		for name, c := range map[string]case_{
			"member-removed": {member, func(name string) {
				require.NoError(t, h.accounts.SetPlace(ctx, account.CommandLine(), "alice", name, account.PlaceNone))
			}},
			"user-disabled":   {member, func(name string) { require.NoError(t, h.accounts.SetDisabled(ctx, account.CommandLine(), name, true)) }},
			"signed-out":      {member, func(name string) { require.NoError(t, h.accounts.EndSession(ctx, places[name], places[name].Session)) }},
			"now-by-password": {member, func(string) { h.set(account.Password, secret) }},
			"password":        {word, func(string) { h.set(account.Password, other) }},
			"same-again":      {word, func(string) { h.set(account.Password, secret) }},
			"now-for-members": {word, func(string) { h.set(account.Members, "") }},
		} {
			for _, what := range []What{h.live(), h.recorded()} {
				a := c.with(fmt.Sprintf("%s-%d", name, len(what.Name)))
				h.Forget(h.channel.ID)
				g := h.begin(what, a)
				require.NoError(t, ask(t, h.Service, g, what, Playlist))
				stay, err := h.Admit(ctx, g, what, Body)
				require.NoError(t, err)
				for range 10 {
					time.Sleep(10 * time.Second)
					require.NoError(t, ask(t, h.Service, g, what, Playlist), name)
				}
				require.NoError(t, stay.Refused())
				c.revoke(fmt.Sprintf("%s-%d", name, len(what.Name)))
				time.Sleep(26 * time.Second)
				require.ErrorIs(t, ask(t, h.Service, g, what, Media), ErrRevoked, name)
				<-stay.Context().Done()
				require.ErrorIs(t, stay.Refused(), ErrRevoked, name)
				stay.End()
			}
		}
	})
}

// A body that goes on keeps its viewing, and lets go of it at its end.
func TestABodyKeepsItsViewing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, account.Password)
		g := h.begin(h.live(), Asker{Password: secret})
		stay, err := h.Admit(t.Context(), g, h.live(), Body)
		require.NoError(t, err)
		time.Sleep(3 * time.Hour)
		require.NoError(t, stay.Context().Err())
		stay.End()
		require.NoError(t, stay.Refused(), "its end is no refusal")
		time.Sleep(59 * time.Second)
		require.NoError(t, ask(t, h.Service, g, h.live(), Media))
		time.Sleep(10 * time.Second)
		require.ErrorIs(t, ask(t, h.Service, g, h.live(), Media), ErrLapsed)

		// A playlist that is waited for is one request, however long.
		g = h.begin(h.live(), Asker{Password: secret})
		stay, err = h.Admit(t.Context(), g, h.live(), Playlist)
		require.NoError(t, err)
		time.Sleep(2 * time.Minute)
		require.ErrorIs(t, stay.Refused(), ErrLapsed)
		stay.End()
	})
}

// A restart throws nobody out, and lets nobody in who was thrown out.
func TestRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, account.Password)
		_, session := h.user("editor", account.PlaceEditor)
		u, leaver := h.user("leaver", account.PlaceEditor)
		word := h.begin(h.live(), Asker{Password: secret})
		person := h.begin(h.recorded(), Asker{Session: session})
		gone := h.begin(h.live(), Asker{Session: leaver})
		old := h.begin(h.recorded(), Asker{Password: secret})
		time.Sleep(23 * time.Hour)
		fresh := h.begin(h.live(), Asker{Password: secret})
		require.NoError(t, h.accounts.EndSession(t.Context(), actorOf(u, leaver), leaver))

		s := h.start(Options{})
		require.NoError(t, ask(t, s, word, h.live(), Playlist))
		require.NoError(t, ask(t, s, person, h.recorded(), Media))
		require.ErrorIs(t, ask(t, s, gone, h.live(), Playlist), ErrRevoked, "its session is over")
		require.ErrorIs(t, ask(t, s, word, What{Name: "bob"}, Playlist), nil)
		time.Sleep(2 * time.Minute)
		require.ErrorIs(t, ask(t, s, word, h.live(), Playlist), ErrLapsed, "once, and it lapses as others do")
		for range 40 { // the others that come sweep
			h.begin(h.live(), Asker{Password: secret})
			time.Sleep(time.Minute)
			require.ErrorIs(t, ask(t, s, word, h.live(), Playlist), ErrLapsed)
			require.NoError(t, ask(t, s, person, h.recorded(), Media))
		}
		time.Sleep(time.Hour)
		require.ErrorIs(t, ask(t, s, old, h.recorded(), Playlist), ErrLapsed, "its token is too old")
		require.NoError(t, ask(t, s, person, h.recorded(), Media), "one that goes on may be older")
		h.set(account.Password, other)
		s.Forget(h.channel.ID)
		require.ErrorIs(t, ask(t, s, fresh, h.live(), Playlist), ErrRevoked, "the password is another one")
	})
}

// What lapsed in this process is not taken up again, although nothing is kept
// of it.
func TestNothingIsKeptOfWhatLapsed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, account.Password)
		var all []Grant
		for range 300 {
			all = append(all, h.begin(h.live(), Asker{Password: secret}))
		}
		require.Equal(t, 300, h.Count())
		time.Sleep(11 * time.Minute)
		for range 3000 { // every shard is met
			h.begin(h.live(), Asker{Password: secret})
		}
		require.LessOrEqual(t, h.Count(), 3000)
		for _, g := range all {
			require.ErrorIs(t, ask(t, h.Service, g, h.live(), Playlist), ErrLapsed)
		}
	})
}

func TestMemoryIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, account.Password)
		h.Service = h.start(Options{Most: 640})
		busy := h.begin(h.live(), Asker{Password: secret})
		for range 3000 {
			h.begin(h.live(), Asker{Password: secret})
			time.Sleep(time.Second)
			require.NoError(t, ask(t, h.Service, busy, h.live(), Playlist), "who watches stays")
		}
		require.LessOrEqual(t, h.Count(), 640)
	})
}
