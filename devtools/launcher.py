"""Starts Odoo's command line. Run by ./dev with the environment's Python; argv[0] must stay a script path, because
Odoo starts itself again with it for the gevent worker. DEV_ODOO_PATH is the folder that holds the package `odoo`.
"""
import os
import sys

# This folder would shadow modules; Odoo's folder comes last, so that the environment's packages win over its neighbours.
sys.path[0:1] = []
sys.path.append(os.environ['DEV_ODOO_PATH'])

import odoo.cli  # noqa: E402

if __name__ == '__main__':
    odoo.cli.main()
