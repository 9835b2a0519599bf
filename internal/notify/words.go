package notify

// words are what followers read, in one language.
type words struct {
	live string // of the channel's name
	// letter is of the reader's name, the channel's, the site's, the title, the
	// channel's address and name, and the addresses where letters are chosen and
	// ended.
	letter string
}

var english = words{
	live: "%s is live",
	letter: `Hello %s,

%s is on air at %s.

%s    %s

You get this letter because you follow %s. Choose what you are told of:
%s

No more letters about this channel:
%s
`,
}

var german = words{
	live: "%s ist live",
	letter: `Hallo %s,

%s ist bei %s auf Sendung.

%s    %s

Du bekommst diesen Brief, weil du %s folgst. Wähle aus, wovon du hörst:
%s

Keine Briefe mehr zu diesem Kanal:
%s
`,
}

// wordsIn are those of a language; who reads another reads English.
func wordsIn(language string) words {
	if language == "de" {
		return german
	}
	return english
}
