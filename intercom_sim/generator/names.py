"""Word lists for people, places, devices and companies."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST = _words(
    """
Amara Noah Ingrid Mateo Priya Olivia Kwame Sofía Jonas Leila Henrik Chloé Darius Fatima Ethan Yuki
Nadia Lucas Zoë Rafael Mina Oskar Aisha Tobias Elena Marcus Hana Viktor Isla Samir Beatriz Callum
Dalia Emil Freya Gabriel Harriet Idris Jasmine Kofi Linnea Malik Nora Omar Paula Quentin Rosa Stefan
Tamsin Umar Valeria Wes Ximena Yara Zachary Anouk Bram Carmen Dmitri Esther Florian Greta Hassan
Imani Jules Katarzyna Leo Magnus Naomi Orla Pedro Quinn Renata Sven Thandiwe Uma Vincent Willa
Xavier Yasmin Zuzana Alba Benedikt Céline Dominic Eilidh Faisal Gwen Hugo Iris João Karim Lotte
Mirela Nils Oriol Petra Rohan Saoirse Teodor Ursula Vikram Wanda Youssef Zara
"""
)
LAST = _words(
    """
Okonkwo Bergström Fischer Alvarez Nakamura Dubois Petrov Silva Haddad Novak Andersen Mbeki Rossi
Kowalski Larsen Patel Schneider Moreau Castillo Lindgren Abara Whitfield Sato Ferreira Kaplan Varga
Ibrahim Jensen Costa Müller Ortega Pires Ramires Sorensen Tanaka Ueda Vasquez Weber Xu Yilmaz
Zimmermann Adeyemi Barros Chowdhury Delgado Eriksen Fontaine Gallagher Hoffmann Iversen Jovanović
Kristensen Lefebvre Marchetti Nguyen O'Brien Park Quigley Richter Santos Thorne Urbina Visser Walsh
Yamamoto Zielinski Ashworth Bianchi Cordero Drummond Ekström Falk Grimaldi Holmberg Inoue Janssen
Khan Lombardi Matsuda Nyström Oduya Pettersson Rahman Steiner Toivonen Ulrich Volkov Winther Youngs
Åkesson Bouchard Cabrera Dvořák Engström Faulkner Guerrero Hernández Ivanova
"""
)
UNUSUAL = (
    "王 小明",
    "佐藤 花子",
    "김민준",
    "محمد الأحمد",
    "נועה לוי",
    "Søren Ørsted-Åberg",
    "Zoë 🦊 Fairbairn",
    "Nguyễn Thị Ánh",
    "Δημήτρης Παππάς",
    "Алёна Соколова",
    "प्रिया शर्मा",
    "José María de la Peña y Ruiz-Ocaña",
)
HOSTILE = (
    "<script>alert('hello')</script>",
    "Robert'); DROP TABLE people;--",
    '"><img src=x onerror=alert(1)>',
    '=HYPERLINK("http://example.invalid","click")',
    "{{ 7 * 7 }} ${7*7} %s",
)
HOSTILE_SUBJECT = "<script>document.title='owned'</script> & a question"
COMPANY_FIRST = _words(
    """
Harbor Juniper Copper Silver Maple Northgate Bluebird Granite Willow Crescent Summit Ember Orchard
Falcon Meridian Cobalt Lighthouse Thistle Cedar Driftwood Anchor Prairie Saffron Quarry Hazel
Riverside Sparrow Beacon Marigold Tundra Velvet Aspen Clover Dune Foxglove Glacier Ivory Kestrel
Larkspur Monarch Nettle Opal Pebble Redwood Sable Tamarind Umber Verdant Walnut Yarrow Zephyr
"""
)
COMPANY_SECOND = _words(
    """
Analytics Logistics Studios Health Robotics Foods Energy Media Labs Capital Outfitters Learning
Mobility Textiles Security Travel Interiors Software Partners Kitchens Biotech Freight Design
Insurance Fitness Publishing Farms Optics Games Consulting Motors Marine Pharma Networks
"""
)
INDUSTRIES = (
    "Software",
    "Retail",
    "Health care",
    "Logistics",
    "Education",
    "Finance",
    "Media",
    "Manufacturing",
    "Food & drink",
    "Travel",
)
PLANS = ("Starter", "Team", "Scale", "Enterprise")
TITLES = (
    "Operations lead",
    "Founder",
    "Office manager",
    "Head of product",
    "Accountant",
    "Developer",
    "Support lead",
    "Marketing manager",
)
PLACES = (
    ("United States", "US", "California", "San Francisco", "NA"),
    ("United States", "US", "New York", "New York", "NA"),
    ("Ireland", "IE", "Leinster", "Dublin", "EU"),
    ("Germany", "DE", "Berlin", "Berlin", "EU"),
    ("Japan", "JP", "Tokyo", "Tokyo", "AS"),
    ("Brazil", "BR", "São Paulo", "São Paulo", "SA"),
    ("South Africa", "ZA", "Western Cape", "Cape Town", "AF"),
    ("Sweden", "SE", "Västra Götaland", "Gothenburg", "EU"),
    ("India", "IN", "Karnataka", "Bengaluru", "AS"),
    ("Australia", "AU", "Victoria", "Melbourne", "OC"),
    ("Spain", "ES", "Catalonia", "Barcelona", "EU"),
    ("Canada", "CA", "Quebec", "Montréal", "NA"),
)
DEVICES = (
    ("chrome", "142.0", "en", "macOS"),
    ("chrome", "141.0", "de", "Windows"),
    ("safari", "18.4", "en", "iOS"),
    ("firefox", "144.0", "fr", "Linux"),
    ("edge", "142.0", "sv", "Windows"),
)
TEAMMATES = (
    ("Ada Brennan", "Head of support"),
    ("Theo Marsh", "Support engineer"),
    ("Ruth Calloway", "Support engineer"),
    ("Iker Salinas", "Onboarding specialist"),
    ("Mei Tanaka", "Account manager"),
    ("Gus Holloway", "Billing specialist"),
)
TEAMS = (("First line", (0, 1, 2)), ("Billing", (5,)), ("Success", (3, 4)))
TAGS = (
    "VIP",
    "Beta tester",
    "Champion",
    "Enterprise",
    "Onboarding",
    "Trial",
    "Churn risk",
    "Newsletter",
    "Partner",
    "Reseller",
    "Webinar 2026",
    "Feature request",
    "Invoice by post",
    "Security review",
    "Migrated",
    "EU data",
    "Slow payer",
    "Speaks French",
    "Power user",
    "Reference customer",
    "Education discount",
    "Non-profit",
)
CONVERSATION_TAGS = ("Bug", "Billing", "How-to", "Feature request", "Outage", "Escalated", "Praise")
