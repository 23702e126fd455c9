"""What stands in the demo project: written by two classes that have just begun to work together."""

from __future__ import annotations

from typing import Any

PROJECT_TITLE = "Rivers that join us"
PROJECT_SUMMARY = "Two classes, two rivers: what flows through our towns, and what we find when we look closely."
TWINSPACE_TITLE = "Rivers that join us"
ROOM_TITLE = "Our meeting room"

DOCUMENT_TITLE = "Our two rivers · Nuestros dos ríos · Nasze dwie rzeki"
DOCUMENT: list[tuple[str, str | list[str]]] = [
    ("heading1", "The Guadalhorce and the Vistula"),
    (
        "paragraph",
        "We live 2,500 km apart, and a river runs through both our towns. This spring we measure, draw and tell.",
    ),
    ("heading2", "Málaga"),
    (
        "paragraph",
        "El Guadalhorce nace en la Sierra de San Jorge y llega al mar junto a Málaga. En verano casi no lleva agua; "
        "en otoño puede crecer en una sola noche.",
    ),
    ("heading2", "Kraków"),
    (
        "paragraph",
        "Wisła płynie przez Kraków szerokim łukiem pod Wawelem. Zimą bywa cicha i biała, a wiosną niesie wodę z Tatr.",
    ),
    ("heading2", "What we want to find out"),
    (
        "list",
        [
            "How much does the water level change? ¿Cuánto cambia el nivel del agua? Jak zmienia się poziom wody?",
            "Which birds live on both rivers? ¿Qué aves viven en los dos ríos? Jakie ptaki żyją nad obiema rzekami?",
            "What did our grandparents do there? ¿Qué hacían allí nuestros abuelos? Co robili tam nasi dziadkowie?",
        ],
    ),
    ("paragraph", "Write below. Everybody in the TwinSpace can."),
]

WALL_TITLE = "River finds"
CARDS: list[tuple[str, str, str, int]] = [
    ("teacher.es", "Welcome!", "Put here what you saw, heard or found at your river. One card for each find.", 1),
    ("pupil.es", "Una garza", "Vi una garza real junto al puente. Estuvo diez minutos sin moverse.", 2),
    ("pupil.pl", "Kaczki", "Na bulwarach naliczyliśmy 34 kaczki i dwa łabędzie.", 3),
    ("teacher.pl", "Level on Monday", "Vistula at Bielany: 163 cm. And yours?", 4),
    (
        "pupil.es",
        "Piedras redondas",
        "Las piedras de la desembocadura son redondas. ¿Por qué? Las nuestras son así 🪨",
        5,
    ),
]

FORM_TITLE = "How was our first meeting?"
QUESTIONS: list[dict[str, Any]] = [
    {"id": "mood", "type": "faces", "label": "How do you feel after the meeting?", "required": True},
    {
        "id": "heard",
        "type": "scale",
        "label": "How well could you hear the others?",
        "required": True,
        "min": 1,
        "max": 5,
    },
    {
        "id": "language",
        "type": "single_choice",
        "label": "Which language did you speak most?",
        "required": True,
        "options": [
            {"id": "en", "label": "English"},
            {"id": "es", "label": "Español"},
            {"id": "pl", "label": "Polski"},
            {"id": "hands", "label": "Hands and feet"},
        ],
    },
    {
        "id": "next",
        "type": "multiple_choice",
        "label": "What should we do next?",
        "required": False,
        "options": [
            {"id": "measure", "label": "Measure the water together"},
            {"id": "song", "label": "Learn a song from each side"},
            {"id": "map", "label": "Draw one map of both rivers"},
            {"id": "quiz", "label": "Make a quiz for the others"},
        ],
    },
    {"id": "word", "type": "short_text", "label": "A new word you learned", "required": False},
    {"id": "tell", "type": "long_text", "label": "What would you like to tell the other class?", "required": False},
]
ANSWERS: list[tuple[str, dict[str, Any]]] = [
    ("pupil.es", {"mood": 5, "heard": 4, "language": "en", "next": ["song", "map"], "word": "rzeka"}),
    ("pupil.pl", {"mood": 4, "heard": 3, "language": "hands", "next": ["measure"], "word": "garza"}),
]

MESSAGES: list[tuple[str, str]] = [
    ("teacher.es", "Welcome to our TwinSpace! ¡Bienvenidos! Witajcie!"),
    ("teacher.pl", "Dzień dobry from Kraków. The pupils can't wait for Thursday."),
    ("pupil.es", "¡Hola! ¿Cómo se dice «río» en polaco?"),
    ("pupil.pl", "Rzeka :) A jak jest «rzeka» po hiszpańsku? Río?"),
]

SNAPSHOT_TITLE = "How we began"
