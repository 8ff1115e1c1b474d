-- How many text messages were queued in a day, without a look at every mail.
CREATE INDEX outbox_sms ON outbox (queued_at) WHERE service = 'sms';
