"""What people write about: topics with openings, answers, follow-ups and second thoughts."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """One matter: `again` is what a customer says who comes back to it."""

    subject: str
    opening: tuple[str, ...]
    answer: tuple[str, ...]
    follow_up: str
    again: str
    tag: str


TOPICS = (
    Topic(
        "Export stops at 10,000 rows",
        (
            "Our monthly export ends after exactly ten thousand rows, the rest is just missing.",
            "The CSV we download is cut off. We have 14,230 orders, the file has 10,000.",
        ),
        (
            "Large exports arrive by e-mail in parts. I have started one for you just now.",
            "You ran into the limit of the quick export; Reports → Full export has none.",
        ),
        "Got the first part, is the second on its way?",
        "It is cut off again this month, at the very same row.",
        "Bug",
    ),
    Topic(
        "Charged twice in March",
        (
            "There are two charges of 249.00 on our card statement, one day apart.",
            "We were billed for two workspaces although we closed one in February.",
        ),
        (
            "You are right, and I am sorry. I refunded the second charge; allow five days.",
            "The closed workspace still had a paid seat. I removed it and sent a credit note.",
        ),
        "Could you send the credit note to our accountant as well?",
        "The refund never arrived and now there is a third charge.",
        "Billing",
    ),
    Topic(
        "How do I invite my whole team?",
        (
            "Is there a way to invite twenty people at once, or do I have to type each address?",
            "I would like everyone at our domain to be able to join by themselves.",
        ),
        (
            "Settings → People → Join by domain does exactly that. Want me to switch it on?",
            "Paste all addresses in one go, separated by commas; the roles come afterwards.",
        ),
        "That worked for most of them, two invitations bounced.",
        "The new colleagues still cannot get in, they land on an empty page.",
        "How-to",
    ),
    Topic(
        "Dashboard very slow since Monday",
        (
            "Loading the overview takes forty seconds since the beginning of the week.",
            "Everyone here complains that the start page hangs. Is something going on?",
        ),
        (
            "We found a slow query that hits accounts of your size. A fix goes out tonight.",
            "One of our databases was busy rebuilding an index. It should be quick again now.",
        ),
        "Better, though the date filter is still sluggish.",
        "It is slow again, worse than the first time.",
        "Outage",
    ),
    Topic(
        "Single sign-on with our provider",
        (
            "We are moving to single sign-on. Which attributes do you expect in the assertion?",
            "SAML log-in ends with 'audience mismatch' for half of our people.",
        ),
        (
            "E-mail as name id, plus first and last name. I attached the metadata file.",
            "The entity id changed with your region. Use the one on the sign-on page.",
        ),
        "Metadata imported. Do roles map as well?",
        "After the certificate was renewed nobody can log in.",
        "How-to",
    ),
    Topic(
        "Webhook deliveries missing",
        (
            "We get about one in five order notifications. Nothing in our logs but silence.",
            "Since the update your webhooks come without a signature header.",
        ),
        (
            "Your endpoint answered 503 on Tuesday and was paused. I have resumed it.",
            "The signature moved to another header with version 4; the guide shows both.",
        ),
        "Can the missed ones be replayed?",
        "They stopped again overnight. We lost orders because of this.",
        "Bug",
    ),
    Topic(
        "Cancel our subscription",
        (
            "We will not renew in autumn. What do we need to do, and until when?",
            "Please confirm in writing that the plan ends with this period.",
        ),
        (
            "I am sorry to see you go. It is set to end on the last day; data stays 90 days.",
            "Done. Before you leave: is there something that we could have done better?",
        ),
        "We mostly missed answers to our questions, to be frank.",
        "We cancelled, and you still sent an invoice.",
        "Billing",
    ),
    Topic(
        "Dates are one day off",
        (
            "Everything booked after 5 pm shows up under the next day in our reports.",
            "The calendar view and the list disagree about the date of the same booking.",
        ),
        (
            "Your workspace was on UTC. I set it to your own zone, please reload.",
            "Thanks, that is our mistake: the list ignores the zone. It will be fixed on Friday.",
        ),
        "New entries are right now, what about the old ones?",
        "With the change to winter time it is wrong once more.",
        "Bug",
    ),
    Topic(
        "Feature idea: recurring tasks",
        (
            "We copy the same twelve tasks every Monday. Could they repeat by themselves?",
            "A 'repeat every month' switch would save us hours. Is it planned?",
        ),
        (
            "It is the most wished-for feature this quarter, and it is being built.",
            "There is a beta of exactly this. I have put you on the list.",
        ),
        "Lovely, count us in for the beta.",
        "Any news of the beta? We were promised October.",
        "Feature request",
    ),
    Topic(
        "Import from our old tool",
        (
            "We have six years of data in a spreadsheet with 42 columns. How do we get it in?",
            "The import ends with 'row 318: unknown value', but the row looks fine.",
        ),
        (
            "Send me the first ten rows and I will prepare a mapping for you.",
            "Row 318 has a non-breaking space in the status. I cleaned the file, here it is.",
        ),
        "Imported! Only the attachments did not make it.",
        "The import ran twice and now everything is doubled.",
        "How-to",
    ),
    Topic(
        "Mobile app logs me out",
        (
            "I have to enter my password each morning on the phone. On the laptop it is fine.",
            "Since 5.2 the app forgets me whenever I switch to another one.",
        ),
        (
            "5.2.1 repairs this, it is in the store since noon.",
            "Which phone is it? Some battery savers end the app and its session.",
        ),
        "Updated, so far so good.",
        "It is back: logged out three times today.",
        "Bug",
    ),
    Topic(
        "Invoice needs our VAT number",
        (
            "Our accountant cannot book your invoices, the VAT number is not on them.",
            "Could the last four invoices be issued again, with our new address?",
        ),
        (
            "Added. The corrected invoices are under Billing → Documents.",
            "Of course. You will have them by mail within the hour.",
        ),
        "Thank you, one of them still shows the old address.",
        "This month's invoice is without the number again.",
        "Billing",
    ),
    Topic(
        "Thank you, and a small question",
        (
            "First of all: the new board is wonderful. Can its columns be coloured?",
            "Your colleague helped us splendidly last week. How do we archive a project?",
        ),
        (
            "How kind! Click on the three dots of the column, then Colour.",
            "I will pass it on. Projects → Archive; nothing is lost and you can undo it.",
        ),
        "Found it. Have a nice weekend!",
        "The colours are gone after the last update.",
        "Praise",
    ),
    Topic(
        "Permission denied on shared folder",
        (
            "Two of us see the folder, the third gets 'permission denied'. Same role!",
            "I am admin and cannot open a folder that a former colleague made.",
        ),
        (
            "The folder has its own list of people. I added your third colleague.",
            "Ownership stayed with the account you removed. I moved it to you.",
        ),
        "It opens, but everything in it is read-only.",
        "Now nobody but me can see it any more.",
        "How-to",
    ),
    Topic(
        "API answers 500 for some records",
        (
            "GET on about thirty of our items ends with a 500 and no message. Ids below.",
            "Our nightly job fails since yesterday, your API breaks in the middle of a page.",
        ),
        (
            "Those items hold a character that our serializer rejected. Deployed a repair.",
            "We rolled yesterday's release back. Could you run the job again?",
        ),
        "Down to three failing ids, list attached.",
        "Same error, other ids, since this morning.",
        "Escalated",
    ),
    Topic(
        "Data processing agreement",
        (
            "Legal asks for a signed agreement and the list of your sub-processors.",
            "Where is our data stored, and who may look at it?",
        ),
        (
            "Both attached, signed by our side. The list is public too, on the trust page.",
            "In the EU, encrypted; two people may, and each access is logged.",
        ),
        "Legal has two changes to paragraph 7.",
        "The signed copy never reached us and our audit is on Thursday.",
        "How-to",
    ),
)
THANKS = (
    "Perfect, that solves it. Thank you!",
    "Great, works now.",
    "Thanks for the quick help 🙏",
    "Brilliant, all good on our side.",
    "OK, understood.",
)
CLOSING = (
    "Glad to hear it! I will close this one; just write if anything else comes up.",
    "Happy to help. Have a good day!",
)
IMPATIENT = (
    "Any news on this?",
    "It has been days. Could somebody please answer?",
    "We are still blocked, and my manager is asking.",
    "Hello? Is anyone there?",
    "I am disappointed by how long this takes.",
)
PATIENCE = (
    "We are still looking into it, sorry for the wait.",
    "I have passed this on to our engineers and will be back with news.",
    "Thank you for the details, we could reproduce it.",
)
NOTES = (
    "Seen the same for two other accounts, linked to the internal report.",
    "Customer was upset on the phone, be gentle.",
    "Checked the logs: nothing after 09:14.",
)
OUTREACH = (
    ("Your first month with us", "How is it going? I would love to show you two little tricks."),
    ("New: shared calendars", "We thought of you when we built this. Shall we switch it on?"),
    ("Your renewal in spring", "Do you have twenty minutes to look back at the year together?"),
)
REMARKS_GOOD = ("Fast and friendly.", "Exactly what I needed.", "Ruth is a star ⭐", "")
REMARKS_BAD = ("Took far too long.", "Had to explain it three times.", "Not solved.", "")
