-- $3 are ids of the release, which come from elsewhere.
SELECT provider::text, created_at, updated_at FROM connector.providers
WHERE tenant_id = $1 AND provider_id > $2 AND provider_id <> ALL ($3::text[])
  AND ($4 = '' OR provider -> 'categories' ? $4)
  AND ($5 = '' OR provider -> 'auth' @> jsonb_build_array(jsonb_build_object('type', $5::text)))
ORDER BY provider_id LIMIT $6
