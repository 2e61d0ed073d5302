"""Sentences around a secret.

The rules were looked at on TUNING. HELD_OUT was written before they were; how much of it was
missed, but not where, led to one more rule: a password's link may stand some words behind it. FRESH
was written when the rules were done; it led to the same rule for passphrases.
"""

TUNING = {
    "everywhere": [
        "Please use {} for this.",
        "Here it is: {}",
        "I sent {} to you yesterday, did you get it?",
        "{}",
        "Charge {} and let me know.",
        "It was {}, I think.",
    ],
    "password": [
        "The password is {}",
        "Password: {}",
        "my password is {} by the way",
        "Log in as admin with password {} please.",
        "pwd: {}",
        "user jo / password {}",
        "I changed the password to {} today.",
    ],
    "phrase": ["The passphrase is {}.", "Passphrase: {}", "my recovery phrase: {}"],
    "secret": ["API key: {}", "the token is {}", "secret = {}", "api_key={}"],
    "code": [
        "Your code is {}.",
        "{} is your verification code.",
        "Enter PIN {} at the door.",
        "Use code {} to log in.",
        "OTP: {}",
        "the passcode for the call is {}",
        "I got {} as the code, try it.",
    ],
    "account": ["My account number is {}.", "Routing {} please.", "{} is the account"],
    "harmless": [
        "Please look at {} today.",
        "I think {} is fine.",
        "{}",
        "It came with {}, which was new.",
        "See {} and the other one.",
    ],
}

HELD_OUT = {
    "everywhere": [
        "hey can you try with {} and tell me if it works",
        "- staging: {}\n- production: same as before",
        "(for the records: {})",
        'They wrote "{}" on the form.',
        "Forwarding what the bank told me this morning, namely {} and nothing else, see you Monday",
        "ok so\n{}\nthanks!!",
        "pls keep this to yourself \u2014 {} \u2014 until Friday",
    ],
    "password": [
        "wifi password here is {} btw",
        "Password for the guest account: {}",
        "Login details\nUser: guest\nPassword: {}\n\nCheers",
        "you can get in with {} as the password",
        "new pw {} valid from tomorrow",
        'try "{}" (that is the password)',
        "the admin password, as agreed on the phone, is {}",
    ],
    "phrase": [
        "For the vault, the passphrase is: {}",
        "seed phrase = {}",
        "wallet recovery phrase below\nRecovery phrase: {}",
    ],
    "secret": [
        "export SERVICE_TOKEN={}",
        "Authorization: Bearer {}",
        'client_secret: "{}"',
        "put the access key {} into the settings",
    ],
    "code": [
        "got a text, the verification code they sent me was {}",
        "{} - that is the one-time code for today",
        "door PIN: {}",
        "type {} when it asks you for the access code",
        "Dial in and use passcode {} followed by the pound key.",
        "Security code\n{}\nDo not share it.",
        "2FA: {}",
    ],
    "account": [
        "please wire it to account {} at the same bank",
        "acct no. {}",
        "The routing number would be {} then.",
    ],
    "harmless": [
        "can you check {} again pls",
        "- first: {}\n- second: later",
        "They wrote \u201c{}\u201d on the form.",
        "we moved it from {} to something else on Monday",
        "(cf. {})",
    ],
}

FRESH = {
    "everywhere": [
        "Ticket 4: customer gave us {} over the phone, pls check",
        "| staging | {} | ok |",
        "> {}\n\nIs that the right one?",
        "Do not lose this -> {} <- it is the only copy",
        "first try {}, then call me",
        "Can you paste {} in the second box?",
    ],
    "password": [
        "the login is guest and the password is {}, all lower case",
        "Wifi: Guests\nWifi password: {}",
        "PASSWORD = {}",
        "i reset it, your new password is {} ok?",
        "password for the zip file: {}",
        "unlock it with the password {} and print it",
        "Please use the temporary password {} for your first login.",
        "His password was {} all the time!",
    ],
    "phrase": [
        "my backup phrase is {}",
        "Passphrase for the backup disk: {}",
        "The passphrase is {}, in this order.",
    ],
    "secret": [
        "set API_TOKEN={} in the shell",
        "the client secret for the app: {}",
        "use the API key {} until Friday",
        "license key {} for two seats",
    ],
    "code": [
        "The code you need is {}.",
        "My bank just texted {} as the verification code",
        "gate code {} after six",
        "your one-time PIN: {} (valid for ten minutes)",
        "conference code {} and press #",
        "Here is the OTP {}",
        "{} is my PIN, do not tell anyone",
        "verification: {}",
    ],
    "account": [
        "our account is {} with the savings bank",
        "Account no: {}",
        "bank details: routing number {} please",
    ],
    "harmless": [
        "I put {} in the folder",
        "Re: {}",
        "* {} (done)",
        "is {} still the current one?",
        "we called it {}, remember",
    ],
}

BEFORE = ["", "Hi Jo, ", "Thanks for the call. ", "Morning!\n\n", "As I said on Monday: "]
BEHIND = ["", " Best, Kim", "\n\nRegards\nKim", " Talk soon.", " We can meet at 10 if you like."]
