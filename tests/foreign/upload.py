"""Uploads one file with tuspy: address, token, file, hash."""

import sys

from tusclient import client

endpoint, token, path, sha256 = sys.argv[1:]
uploader = client.TusClient(endpoint, headers={"Authorization": f"Bearer {token}"}).uploader(
    path, metadata={"sha256": sha256}, retries=50, retry_delay=0
)
uploader.upload()
