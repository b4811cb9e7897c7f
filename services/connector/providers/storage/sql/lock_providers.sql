-- Held until the transaction ends: of two that add one at once, the second counts the first.
SELECT pg_advisory_xact_lock(hashtextextended('connector.providers ' || $1::uuid::text, 0))
