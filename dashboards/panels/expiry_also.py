"""What else ends, in the same way: papers of contractors, instruments, material, assessments, regulations (R-EX-15)."""

from dashboards.panels._expiry import scenes_panel
from models.expiry import ALSO

PANEL = scenes_panel("expiry_also", ALSO)
