SELECT count(*) FROM (SELECT FROM connector.key_rotations LIMIT 10001) AS counted
