"""What reports call things: the names of fields and objects by which the same content goes."""

import re

#: Fields of a person that are kept as facts, with the words an officer reads.
FACTS = {
    "gender": "gender", "sex": "gender", "race": "race", "ethnicity": "ethnicity", "height": "height",
    "weight": "weight", "hairColor": "hair colour", "eyeColor": "eye colour", "occupation": "occupation",
    "language": "language", "nationality": "nationality", "maritalStatus": "marital status",
    "relationshipToVictim": "relationship to victim", "relationshipToChild": "relationship to child",
    "vehicleDescription": "vehicle", "schoolName": "school", "school": "school", "employer": "employer",
    "accountTemporarilyDisabled": "account temporarily disabled",
    "accountPermanentlyDisabled": "account permanently disabled",
    "accountStatus": "account status", "accountCreated": "account created",
    "accountCreationDate": "account created", "registrationDate": "registered",
    "thirdPartyUserReported": "user of another provider", "compromisedAccount": "account compromised",
    "allEmailsReported": "all e-mail addresses reported", "relationship": "relationship", "title": "title",
    "agency": "agency", "agencyName": "agency", "organization": "organisation", "caseNumber": "case number",
    "referralType": "referral type", "badgeNumber": "badge", "ssn": "national number",
    "driversLicense": "driving licence", "type": "type",
}  # fmt: skip
#: Facts that are told in words, and searched by them.
IN_WORDS = frozenset({
    "occupation", "relationship", "relationship to victim", "relationship to child", "vehicle", "school", "employer", "organisation",
    "agency", "address", "location estimated by the provider",
})  # fmt: skip
#: Running text about a person, which is read as text.
PROSE = (
    "additionalInformations", "additionalInformation", "additionalInfo", "notes", "note", "remarks", "remark", "comments",
    "comment",
)  # fmt: skip
PLATES = (
    "licensePlate", "licensePlates", "licencePlate", "licencePlates", "licensePlateNumber", "numberPlate", "numberPlates",
    "vehicleRegistration", "vehicleRegistrationNumber",
)  # fmt: skip
NAMES = ("title", "firstName", "middleName", "lastName", "suffix")
PERSON_WRAPPERS = (
    "person", "personOrUserReportedPerson", "intendedRecipientPerson", "victimPerson", "reportedPerson",
)  # fmt: skip
#: Objects that hold a part of what is said of the person himself; a guardian or a friend is none of these.
PERSON_PARTS = (
    "personInformation", "personInfo", "personDetails", "personalInformation", "personalDetails", "identity",
    "contactInformation", "contactInfo", "contactDetails", "accountInformation", "accountInfo", "accountDetails",
    "account", "userInformation", "userInfo", "userDetails", "user", "profile", "profileInformation",
    "deviceInformation",
)  # fmt: skip
EMAILS = ("emails", "email", "emailAddress", "emailAddresses", "mail", "accountEmail")
PHONES = (
    "phones", "phone", "phoneNumber", "phoneNumbers", "mobilePhone", "mobilePhones", "mobileNumber", "mobile",
    "cellPhone", "cellPhones", "homePhone", "workPhone", "telephone", "telephones", "telephoneNumber",
    "accountPhone",
)  # fmt: skip
SERVICES = ("espService", "service", "serviceName", "platform")
USER_IDS = (
    "espUserId", "espUserIds", "espIdentifier", "espIdentifiers", "userId", "userIds", "userIdentifier",
    "accountId", "accountIds", "accountIdentifier", "uid",
)  # fmt: skip
HANDLES = (
    "screenName", "screenNames", "userName", "userNames", "handle", "handles", "gamertag", "gamertags",
    "gamingScreenName", "playerName", "accountName",
)  # fmt: skip
URLS = (
    "profileUrl", "profileUrls", "url", "urls", "accountUrl", "accountUrls", "profileLink", "profileLinks",
    "profilePage",
)  # fmt: skip
TIMES = (
    "dateTime", "timestamp", "date", "eventDateTime", "eventTimestamp", "eventTime", "eventDate",
    "captureDateTime", "time",
)  # fmt: skip
DEVICE_TYPES = ("valueType", "idType", "deviceIdType", "deviceType", "type")
DEVICE_VALUES = ("value", "idValue", "deviceIdValue")
CAPTURES = ("sourceCaptures", "sourceCapture")
IP_EVENTS = ("ipCaptureEvent", "ipCaptureEvents", "ipEvents", "ipEvent", "ipAddressEvents", "loginEvents")
IPS = ("ipAddress", "ipAddresses", "ip", "ips", "uploadIp", "uploadIpAddress", "loginIp", "registrationIp")

#: What a capture is said to be, without case and signs, and the kind that it is.
IP_WORDS = re.compile(
    r"(?:login|upload|registration|session|source|client|last|account|creation)*"
    r"(?:ip|ipv[46])(?:address)?(?:v[46])?"
)
CAPTURE_KINDS = {
    "profileurl": "url", "url": "url", "webpage": "url",
    "email": "email", "emailaddress": "email", "phone": "phone", "phonenumber": "phone",
    "mobilephone": "phone", "mobilenumber": "phone", "cellphone": "phone", "telephonenumber": "phone",
    "imei": "imei", "imsi": "imsi", "mac": "mac", "macaddress": "mac", "hash": "hash", "domain": "domain",
    "userid": "user_id", "espuserid": "user_id", "screenname": "screen_name", "username": "screen_name",
    "accountid": "user_id", "handle": "screen_name", "displayname": "display_name", "wallet": "wallet",
}  # fmt: skip
DEVICES = frozenset({"idfa", "gaid", "aaid", "idfv", "androidid", "udid", "advertisingid"})
ADDRESS = (
    "type", "addressType", "street1", "street2", "street", "address", "city", "state", "nonUsaState",
    "region",
    "postalCode", "zipCode", "zip", "country", "countryCode", "value", "verified",
)  # fmt: skip
LOCATION = (
    "city",
    "region",
    "country",
    "countryCode",
    "latitude",
    "longitude",
    "verified",
    "timestamp",
    "value",
)
