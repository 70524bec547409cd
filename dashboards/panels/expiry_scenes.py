"""The fourteen scenes of the expiry board: of each how many are over, end soon, are in order (AL-9)."""

from dashboards.panels._expiry import scenes_panel
from models.expiry import FOURTEEN

PANEL = scenes_panel("expiry_scenes", FOURTEEN)
