"""Coming in: accounts, logins, registrations, pupils' cards."""

from __future__ import annotations

from hub.access import Duty
from hub.actions import identities, logins, lost_factors, passkeys, people, pupils, registrations
from hub.payloads import identities as identity_payloads
from hub.payloads import logins as login_payloads
from hub.payloads import lost_factors as lost_factor_payloads
from hub.payloads import operations as operation_payloads
from hub.payloads import passkeys as passkey_payloads
from hub.payloads import people as people_payloads
from hub.payloads import pupils as pupil_payloads
from hub.payloads import registrations as registration_payloads
from hub.payloads.fields import Nothing
from hub.protocol.paths import API, RARE, REGISTERING, SIGNING_IN, WATCHING
from hub.table import WRITING, Announcement, Route

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("POST", f"{API}/login", people.login, people_payloads.SignIn, people_payloads.User,
          "Sign in with name and password or with a class card; sets the cookie.", None, open=True, limit=SIGNING_IN),
    Route("POST", f"{API}/logout", people.logout, Nothing, None,
          "End this login and its sockets.", None, half=True, status=204),
    Route("GET", f"{API}/me", people.read_me, Nothing, people_payloads.User, "Who I am.", None, half=True),
    Route("PATCH", f"{API}/me", people.change_me, people_payloads.ChangeMe, people_payloads.User,
          "Choose the language of the interface.", None, half=True, limit=WRITING),
    Route("GET", f"{API}/me/logins", logins.list_logins, Nothing, login_payloads.Logins,
          "Where I am signed in.", None),
    Route("DELETE", f"{API}/me/logins/{{login_id}}", logins.revoke_login, login_payloads.LoginRef, None,
          "End one of my logins, and everything that is open through it.", None, status=204, limit=WRITING),
    Route("POST", f"{API}/me/logins/end_others", logins.revoke_other_logins, Nothing, None,
          "End every browser's login but this one.", None, status=204, limit=WRITING),
    Route("POST", f"{API}/me/second_factor", logins.start_second_factor, Nothing, login_payloads.NewSecondFactor,
          "Begin to set up one-time codes.", None, half=True, status=201, limit=RARE),
    Route("POST", f"{API}/me/second_factor/proof", logins.prove_second_factor, login_payloads.OneTimeCode,
          people_payloads.User, "Give a code: this login is whole from now on.", None, half=True, limit=WRITING),
    Route("DELETE", f"{API}/me/second_factor", logins.remove_second_factor, Nothing, people_payloads.User,
          "Do without a second factor.", None, limit=WRITING),
    Route("POST", f"{API}/login/passkey/challenge", passkeys.ask_passkey_sign_in, Nothing,
          passkey_payloads.PasskeyQuestion, "What to ask the browser for, to sign in with a passkey.", None, open=True,
          limit=SIGNING_IN),
    Route("POST", f"{API}/login/passkey", passkeys.sign_in_with_passkey, passkey_payloads.PasskeyProof,
          people_payloads.User, "Sign in with a passkey, without a name; sets the cookie.", None, open=True,
          limit=SIGNING_IN),
    Route("GET", f"{API}/login/providers", identities.list_providers, Nothing, identity_payloads.Providers,
          "The schools' own sign-ins.", None, open=True, limit=WATCHING),
    Route("POST", f"{API}/login/provider", identities.begin_provider_sign_in, identity_payloads.ProviderRef,
          identity_payloads.ProviderSignIn, "Where to send the browser, to sign in at one's school.", None, open=True,
          limit=SIGNING_IN),
    Route("POST", f"{API}/login/provider/answer", identities.finish_provider_sign_in,
          identity_payloads.ProviderReturn, identity_payloads.ProviderAnswer,
          "Sign in with what the provider has answered; sets the cookie for who is known.", None, open=True,
          limit=SIGNING_IN),
    Route("GET", f"{API}/me/identities", identities.list_identities, Nothing, identity_payloads.Identities,
          "Through which schools' sign-ins I may come.", None),
    Route("POST", f"{API}/me/identities", identities.link_identity, identity_payloads.LinkIdentity,
          identity_payloads.Identities, "Let a school's sign-in open my account.", None, status=201, limit=WRITING),
    Route("DELETE", f"{API}/me/identities/{{provider_id}}", identities.unlink_identity, identity_payloads.ProviderRef,
          None, "Let it open my account no more.", None, status=204, limit=WRITING),
    Route("POST", f"{API}/registrations/provider", identities.register_by_provider,
          identity_payloads.RegisterByProvider, people_payloads.User,
          "Register as a teacher whom a school's sign-in knows; signs in.", None, open=True, limit=REGISTERING),
    Route("GET", f"{API}/me/passkeys", passkeys.list_passkeys, Nothing, passkey_payloads.Passkeys,
          "My passkeys.", None),
    Route("POST", f"{API}/me/passkeys/challenge", passkeys.ask_new_passkey, Nothing, passkey_payloads.PasskeyQuestion,
          "What to ask the browser for, to make a passkey.", None, half=True, limit=WRITING),
    Route("POST", f"{API}/me/passkeys", passkeys.add_passkey, passkey_payloads.NewPasskey, passkey_payloads.Passkey,
          "Keep a passkey that the browser has made.", None, half=True, status=201, limit=RARE),
    Route("PATCH", f"{API}/me/passkeys/{{passkey_id}}", passkeys.rename_passkey, passkey_payloads.RenamePasskey,
          passkey_payloads.Passkey, "Call one of my passkeys something else.", None, limit=WRITING),
    Route("DELETE", f"{API}/me/passkeys/{{passkey_id}}", passkeys.remove_passkey, passkey_payloads.PasskeyRef, None,
          "Forget one of my passkeys: it opens nothing any more.", None, status=204, limit=WRITING),
    Route("POST", f"{API}/registrations", registrations.register, registration_payloads.Register, None,
          "Register as a teacher; a letter goes to the address.", None, open=True, status=204, limit=REGISTERING),
    Route("POST", f"{API}/registrations/confirm", registrations.confirm, registration_payloads.ConfirmEmail,
          people_payloads.User, "Confirm the address with the letter's secret and the password; signs in.", None,
          open=True, limit=REGISTERING),
    Route("POST", f"{API}/password/forgotten", registrations.ask_for_password, registration_payloads.AskForPassword,
          None, "Ask for a letter that lets one choose a new password.", None, open=True, status=204,
          limit=REGISTERING),
    Route("POST", f"{API}/password", registrations.choose_password, registration_payloads.ChoosePassword, None,
          "Choose a new password with the letter's secret; everything signed in ends.", None, open=True, status=204,
          limit=REGISTERING),
    Route("GET", f"{API}/me/registration", registrations.read_my_registration, Nothing,
          registration_payloads.MyRegistration, "How my registration stands.", None),
    Route("POST", f"{API}/me/registration", registrations.ask_again, registration_payloads.AskAgain,
          registration_payloads.MyRegistration, "Ask once more, after a service has refused.", None, limit=RARE),
    Route("GET", f"{API}/registrations", registrations.list_registrations, Nothing,
          registration_payloads.Registrations, "Teachers of my country or region who wait.", Duty.VALIDATE),
    Route("POST", f"{API}/registrations/{{user_id}}/decision", registrations.decide, registration_payloads.Decide,
          None, "Let a teacher in, or refuse with a reason.", Duty.VALIDATE, status=204, limit=WRITING),
    Route("POST", f"{API}/second_factors/reset", lost_factors.reset_factors, lost_factor_payloads.ResetFactors, None,
          "Take away the second factor that a colleague or a teacher has lost.", Duty.VALIDATE, status=204, limit=RARE),
    Route("POST", f"{API}/me/class_card/wish", pupils.ask_for_card, Nothing, None,
          "Ask my teachers for a new class card.", None, status=204, limit=RARE),
    Route("GET", f"{API}/pupils", pupils.list_pupils, Nothing, pupil_payloads.Pupils,
          "The pupils of my school.", Duty.PUPILS),
    Route("POST", f"{API}/pupils", pupils.make_pupils, pupil_payloads.MakePupils, pupil_payloads.NewCards,
          "Make accounts for these first names; the keys are shown this once.", Duty.PUPILS, status=201, limit=RARE),
    Route("POST", f"{API}/pupils/class_cards", pupils.make_class_cards, pupil_payloads.MakeClassCards,
          pupil_payloads.NewCards, "New class cards; the old ones are dead.", Duty.PUPILS, limit=RARE),
    Route("POST", f"{API}/pupils/class_cards/print", pupils.print_class_cards, pupil_payloads.PrintCards,
          operation_payloads.Download, "These cards as a PDF to cut apart.", Duty.PUPILS, limit=RARE),
    Route("DELETE", f"{API}/pupils/{{user_id}}", pupils.close_pupil, pupil_payloads.PupilRef, None,
          "Close a pupil's account.", Duty.PUPILS, status=204, limit=WRITING),
)

ANNOUNCEMENTS: tuple[Announcement, ...] = (
    Announcement("account:changed", people_payloads.User, "What I may do has changed: told to me alone."),
)
# fmt: on
