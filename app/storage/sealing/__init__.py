"""What is kept of patients is sealed: AES-256-GCM under data keys, which master keys wrap.

A practice has data keys of its own for its records; the files as received have theirs. The number
of the data key stands beside what it sealed. Blocking; call it from a thread.
"""
