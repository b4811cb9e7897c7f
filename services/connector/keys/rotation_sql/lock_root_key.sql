SELECT FROM connector.root_keys WHERE root_key_id = $1 AND state <> 'destroyed' FOR SHARE
