package testkit

import "testing"

// The methods below use a page as a person does, by what is written on it. They
// wait for what they need, and fail the test when it does not come.

// Fill writes into the field with that label.
func (tab *Tab) Fill(t testing.TB, label, text string) {
	t.Helper()
	tab.do(t, "fill", map[string]any{"label": label, "text": text})
}

// Choose ticks the box, or takes the choice, with that label.
func (tab *Tab) Choose(t testing.TB, label string) {
	t.Helper()
	tab.do(t, "choose", map[string]any{"label": label})
}

// Select takes an option of the list with that label.
func (tab *Tab) Select(t testing.TB, label, option string) {
	t.Helper()
	tab.do(t, "select", map[string]any{"label": label, "option": option})
}

// Click presses what has that role and name, such as "button" and "Save".
func (tab *Tab) Click(t testing.TB, role, name string) {
	t.Helper()
	tab.do(t, "click", map[string]any{"role": role, "text": name})
}

// See waits until a text stands on the page.
func (tab *Tab) See(t testing.TB, text string) {
	t.Helper()
	tab.do(t, "see", map[string]any{"text": text})
}

// Authenticator gives the tab a device that keeps passkeys, whose owner always
// agrees.
func (tab *Tab) Authenticator(t testing.TB) {
	t.Helper()
	tab.do(t, "authenticator", map[string]any{})
}

// Go opens another address in the same tab.
func (tab *Tab) Go(t testing.TB, url string) {
	t.Helper()
	tab.do(t, "go", map[string]any{"url": url})
}

func (tab *Tab) do(t testing.TB, name string, args map[string]any) {
	t.Helper()
	args["tab"] = tab.id
	if err := tab.b.command(nil, name, args); err != nil {
		t.Fatal(err)
	}
}
