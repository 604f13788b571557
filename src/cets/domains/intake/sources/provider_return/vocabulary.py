"""What providers call things on the pages of their returns."""

import re

#: Words of the first bytes of such a page, and whose it is; the platform is None where the page names it itself.
MARKS: tuple[tuple[re.Pattern[str], str | None], ...] = (
    (
        re.compile(r"id=[\"']?property-(?:request_parameters|ncmec_reports|unified_messages|ip_addresses)\b"),
        None,
    ),
    (
        re.compile(
            r"(?:facebook|instagram|whatsapp|meta(?: platforms)?)\s+(?:business record|legal request)",
            re.IGNORECASE,
        ),
        None,
    ),
    (re.compile(r"google subscriber information", re.IGNORECASE), "Google"),
)
SERVICES = {
    "facebook": "Facebook",
    "instagram": "Instagram",
    "whatsapp": "WhatsApp",
    "messenger": "Facebook",
    "threads": "Instagram",
}

#: Labels, without case and signs, and the kind of identifier that stands under them.
KINDS = {
    "ipaddress": "ip", "ip": "ip", "registrationip": "ip", "lastip": "ip", "loginip": "ip", "ipaddresses": "ip", "termsofserviceip": "ip",
    "email": "email", "emails": "email", "emailaddress": "email", "emailaddresses": "email", "registeredemailaddresses": "email",
    "registeredemail": "email", "contactemail": "email", "recoveryemail": "email", "alternateemails": "email",
    "phone": "phone", "phonenumber": "phone", "phonenumbers": "phone", "registeredphonenumber": "phone", "registeredphonenumbers": "phone",
    "userphonenumbers": "phone", "recoverysms": "phone", "signinphonenumbers": "phone", "2stepverificationphonenumbers": "phone",
    "vanity": "account", "vanityname": "account", "username": "account", "screenname": "account",
    "accountidentifier": "account", "target": "account", "accountid": "user_id", "googleaccountid": "user_id", "responsibleid": "user_id",
    "userid": "user_id", "cybertipid": "report_number",
    "deviceid": "device", "androidid": "device", "appleiosidfv": "device", "imei": "imei", "imsi": "imsi", "url": "url", "link": "url",
    "machinecookie": "device", "cookieid": "device", "uuid": "device",
}  # fmt: skip
#: Labels whose text is a moment: it belongs to what stands beside it.
TIMES = frozenset({
    "time", "timestamp", "sent", "posted", "date", "datecreated", "uploaded", "taken", "created", "generated", "registrationdate",
    "createdon", "lastlogin", "started", "ended", "creationtime", "accountstarttime",
})  # fmt: skip
#: Those of the account itself: nothing beside them was seen then.
OF_THE_ACCOUNT = frozenset({"generated", "registrationdate", "createdon", "accountstarttime", "datecreated"})
NAMES = frozenset({"name", "first", "middle", "last", "firstname", "lastname", "givenname", "familyname"})
#: Labels whose text is told, and searched like any other.
TEXTS = frozenset({
    "service", "daterange", "accounttype", "internalticketnumber", "accountstatus", "accountclosuredate", "activitytype", "rawuseragents",
    "useragent", "text", "status", "title", "summary", "body", "subject", "type", "size", "id", "linkedmediafile", "description", "about",
    "aboutme", "bio", "gender", "birthday", "birthdate", "dateofbirth", "language", "city", "country", "services", "currentparticipants",
    "pastparticipants", "participants", "author", "thread", "share", "attachments", "duration", "missed", "filename", "to", "from", "device",
    "devices", "mobile", "author id", "recipients", "likes", "comment", "comments", "user", "users", "friends", "followers", "following",
    "verified", "removed", "privacysetting", "source", "app", "appversion", "model", "os", "osversion", "media", "photo", "video", "image",
    "mediauploadedinthiscybertip", "ncmeccybertips", "unifiedmessages",
})  # fmt: skip
#: Explanations of the provider's own, the same in every return.
EXPLAINS = re.compile(r"\bdefinition$", re.IGNORECASE)
NOTHING = re.compile(r"no (?:responsive )?records? (?:were )?(?:located|found)", re.IGNORECASE)
#: Sections of the request itself and of the account that it names; elsewhere stand other people, too.
OF_THE_HOLDER = frozenset({
    "request_parameters", "name", "emails", "vanity", "registration_date", "registration_ip", "phone_numbers", "ip_addresses", "about_me",
    "bio", "connection_info", "web_info", "devices", "device_info", "account_status", "logins", "account_info", "date_of_birth",
    "googlesubscriberinformation", "ipactivity", "devicedetails",
})  # fmt: skip
#: Several of them belong to one record.
OFTEN = frozenset({"linkedmediafile", "photo", "video", "url", "image"})
AUTHOR, BODY, SENT, THREAD = "author", "body", "sent", "thread"
PARTICIPANTS = frozenset({"currentparticipants", "pastparticipants", "participants"})
#: "Kim Larch (Facebook: 100000001)", "kim_l (Instagram: 17841)", "kim_l (17841)".
CALLED = re.compile(r"(?P<name>.{0,200}?)\s*\((?:(?P<service>[A-Za-z]{3,20}):?\s+)?(?P<number>\d{3,25})\)")

#: The same as a line of a list, with what may stand behind: "kim_l (Instagram: 17841) [Kim Larch]".
LISTED = re.compile(
    r"(?P<called>[^()]{0,200}\((?P<service>[A-Za-z]{3,20}):\s*\d{3,25}\))\s*(?:\[[^\[\]]{0,200}\])?"
)


def levelled(label: str) -> str:
    """Return a label without case and signs."""
    return "".join(sign for sign in label.casefold() if sign.isalnum())
