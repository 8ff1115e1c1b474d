# Behind the local accounts, which win, and before systemd's dynamic users.
passwd after=files usher
group after=files usher
