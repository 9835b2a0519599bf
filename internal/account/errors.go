package account

// Error is a refusal that a person will read. Compare with errors.Is: two
// with the same code are the same error. It never holds a key, a token or a
// password.
type Error struct {
	Code   string // short and stable, such as "name_taken"
	Reason string // one sentence, without a full stop
}

func (e *Error) Error() string { return e.Reason }

// Is reports whether target is an *Error with the same code.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// Of channels and stream keys.
var (
	ErrBadName          = &Error{"bad_name", "this name cannot be a channel's"}
	ErrNameTaken        = &Error{"name_taken", "this name is taken by another channel"}
	ErrReservedName     = &Error{"reserved_name", "this name is reserved by the site"}
	ErrUnknownChannel   = &Error{"unknown_channel", "there is no such channel"}
	ErrTooManyChannels  = &Error{"too_many_channels", "you have as many channels as one person can make"}
	ErrBadChannel       = &Error{"bad_channel", "the channel cannot be so"}
	ErrBadPicture       = &Error{"bad_picture", "a channel's pictures are avatar, banner and offline"}
	ErrBadVisibility    = &Error{"bad_visibility", "a visibility is one of public, unlisted, password and members"}
	ErrUnknownBroadcast = &Error{"unknown_broadcast", "there is no such broadcast"}
	ErrUnknownClip      = &Error{"unknown_clip", "there is no such clip"}
	ErrBadClip          = &Error{"bad_clip", "a clip is one second to three minutes long"}
	ErrNotRecorded      = &Error{"not_recorded", "this is not recorded, or not any more"}
	ErrNoClips          = &Error{"no_clips", "the channel's viewers cannot make clips of it"}
	ErrOnAir            = &Error{"on_air", "this broadcast is on air; its recording can be deleted once it is over"}
	ErrTakenDown        = &Error{"taken_down", "this was taken down"}
	ErrBanned           = &Error{"banned", "this channel is banned from going live"}
	ErrOffAir           = &Error{"off_air", "this channel has nothing on air"}
	ErrBadReport        = &Error{"bad_report", "a report is about a channel, a recording or a clip, for copyright, abuse or other, in at most 2,000 characters"}
	ErrUnknownReport    = &Error{"unknown_report", "there is no such report, or somebody has decided on it"}
	ErrUnknownTakedown  = &Error{"unknown_takedown", "there is no such takedown, or it was undone"}
	ErrTooLate          = &Error{"too_late", "this was taken down too long ago; its media is gone"}
	ErrTooManyReports   = &Error{"too_many_reports", "there are too many reports that nobody has looked at; write to the site's admin"}
	ErrChanged          = &Error{"changed", "somebody else changed this meanwhile; read it again"}
	ErrBadLabel         = &Error{"bad_label", "this label is too long or holds characters that cannot be shown"}
	ErrBadExpiry        = &Error{"bad_expiry", "this time of expiry has passed"}
	ErrTooManyKeys      = &Error{"too_many_keys", "this channel has as many stream keys as it can have; revoke one first"}
	ErrUnknownKey       = &Error{"unknown_key", "there is no such stream key"}
	ErrRevokedKey       = &Error{"revoked_key", "this stream key was revoked"}
	ErrExpiredKey       = &Error{"expired_key", "this stream key has expired"}
	ErrLogin            = &Error{"login_failed", "the user name and password are not those of a channel and one of its stream keys"}
	ErrOldKeys          = &Error{"old_keys", "the user name and password do not match, and keys that are older than such logins cannot be used in them: make a new one"}
	ErrBadPlace         = &Error{"bad_place", "a place in a channel is one of owner, editor, moderator and member"}
	ErrUnknownMember    = &Error{"unknown_member", "this user has no place in the channel"}
	ErrLastOwner        = &Error{"last_owner", "the channel's last owner cannot leave it; make somebody else owner first"}
	ErrTooManyMembers   = &Error{"too_many_members", "this channel has as many members as it can have"}
	ErrBlocked          = &Error{"blocked", "the people of this channel have blocked you: you cannot follow it or speak in its chat"}
	ErrNotFollowing     = &Error{"not_following", "you do not follow this channel"}
	ErrTooManyFollowed  = &Error{"too_many_followed", "you follow as many channels as one person can; unfollow one first"}
	ErrCannotBlock      = &Error{"cannot_block", "who looks after the channel or the site cannot be blocked; take their place away first"}
	ErrNotBlocked       = &Error{"not_blocked", "this user is not blocked"}
	ErrTooManyBlocked   = &Error{"too_many_blocked", "as many users are blocked here as can be"}
)

// Of users and of what they may do.
var (
	ErrSignIn            = &Error{"sign_in", "sign in first"}
	ErrSignInAgain       = &Error{"sign_in_again", "for this sign in again, with your password or a passkey: it takes a sign-in of the last ten minutes"}
	ErrForbidden         = &Error{"forbidden", "you may not do this"}
	ErrScope             = &Error{"scope", "this API token may not do this"}
	ErrSignInFailed      = &Error{"sign_in_failed", "the name or the password is wrong"}
	ErrTooManyAttempts   = &Error{"too_many_attempts", "too many attempts; wait a minute and try again"}
	ErrDisabled          = &Error{"disabled", "this account has been disabled"}
	ErrUnknownUser       = &Error{"unknown_user", "there is no such user"}
	ErrUserTaken         = &Error{"user_taken", "somebody else has this name"}
	ErrEmailTaken        = &Error{"email_taken", "somebody else has this e-mail address"}
	ErrBadEmail          = &Error{"bad_email", "this is not an e-mail address"}
	ErrBadDisplayName    = &Error{"bad_display_name", "a display name has 1 to 60 characters that can be shown"}
	ErrBadRole           = &Error{"bad_role", "a role is one of admin, moderator and user"}
	ErrLastAdmin         = &Error{"last_admin", "the site's last admin stays one; make somebody else admin first"}
	ErrBadPassword       = &Error{"bad_password", "this password cannot be used"}
	ErrWrongPassword     = &Error{"wrong_password", "the password is wrong"}
	ErrUnknownSession    = &Error{"unknown_session", "there is no such session"}
	ErrUnknownToken      = &Error{"unknown_token", "there is no such API token"}
	ErrBadScope          = &Error{"bad_scope", "an API token has at least one scope, of those that there are"}
	ErrTooManyTokens     = &Error{"too_many_tokens", "you have as many API tokens as one person can have; end one first"}
	ErrSetupDone         = &Error{"setup_done", "this site has its admin already"}
	ErrBadSetupToken     = &Error{"bad_setup_token", "this set-up token is wrong or has been used; the server prints one at each start until there is an admin"}
	ErrSignUpClosed      = &Error{"sign_up_closed", "this site makes accounts for people itself; ask its admin"}
	ErrBadInvitation     = &Error{"bad_invitation", "this invitation is wrong, has expired or has been used"}
	ErrUnknownInvitation = &Error{"unknown_invitation", "there is no such invitation"}
	ErrBadReset          = &Error{"bad_reset", "this link is wrong, has expired or has been used; ask for another"}
	ErrNoEmail           = &Error{"no_email", "you have given no e-mail address"}
	ErrConfirmed         = &Error{"email_confirmed", "your e-mail address is confirmed already"}
	ErrTooManyLetters    = &Error{"too_many_letters", "there were too many letters lately; look into your mail, also where spam is, or wait ten minutes and try again"}
	ErrBadConfirmation   = &Error{"bad_confirmation", "this link is wrong, or a newer one took its place; open the newest letter, or have another sent on your account's page"}
	ErrLateConfirmation  = &Error{"late_confirmation", "this link was good for a day, which is over; have another sent on your account's page"}
	ErrUsedConfirmation  = &Error{"used_confirmation", "this link has been used; your e-mail address is confirmed"}
	ErrUnknownIdentity   = &Error{"unknown_identity", "no account here belongs to this sign-in; sign in with your password first and connect it on your account's page, or ask the site's admin"}
	ErrNotLinked         = &Error{"not_linked", "this sign-in is not connected to your account"}
	ErrIdentityTaken     = &Error{"identity_taken", "this sign-in belongs to another account already"}
	ErrTooManyIdentities = &Error{"too_many_identities", "you have as many sign-ins of other sites as one person can have"}
	ErrLastWayIn         = &Error{"last_way_in", "this is the only way in which you can sign in; set a password first"}
	ErrNoPasskeys        = &Error{"no_passkeys", "passkeys need a site with a name, reached by HTTPS"}
	ErrBadPasskey        = &Error{"bad_passkey", "this passkey cannot be added, or it took too long; try again"}
	ErrUnknownPasskey    = &Error{"unknown_passkey", "you have no such passkey"}
	ErrTooManyPasskeys   = &Error{"too_many_passkeys", "you have as many passkeys as one person can have; remove one first"}
	ErrPasskeyFailed     = &Error{"passkey_failed", "this passkey is not known here, or it took too long; try again, or sign in another way"}
	ErrCopiedPasskey     = &Error{"copied_passkey", "this passkey has been used elsewhere since, so it may have been copied; sign in another way and remove it"}
	ErrBadSiteName       = &Error{"bad_site_name", "a site's name has 1 to 60 characters that can be shown"}
	ErrBadAccentLight    = &Error{"bad_accent_light", "this colour cannot be the accent of the light theme"}
	ErrBadAccentDark     = &Error{"bad_accent_dark", "this colour cannot be the accent of the dark theme"}
	ErrBadLegal          = &Error{"bad_legal", "a legal page has at most 100,000 characters that can be shown"}
	ErrBadLimits         = &Error{"bad_limits", "recordings are kept for 0 to 3650 days, and a user may make 0 to 500 channels"}
	ErrBadSignUp         = &Error{"bad_sign_up", "sign-up is one of open, invitation and closed"}
)
