"""CyberTipline reports, whichever way they are written: one translation for the JSON and the XML source."""
