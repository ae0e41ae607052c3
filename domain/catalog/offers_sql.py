"""The steps of `offers_sync`, in their order: match, compare, and only then write.

Parameters: source, confidence, at (when the list was seen), today (its day), and whatever the
condition that stands for {covers} asks for.
"""

# Whose belief changes, from when, and to what: the offer itself is told afterwards.
NEWS = """
    CREATE TEMPORARY TABLE offer_news (
        offer_id bigint PRIMARY KEY, there boolean, was text, expires_on date, price numeric(8, 2),
        currency text, source text, confidence float8, since timestamptz
    ) ON COMMIT DROP
"""

# "Unknown" is no quality: a list that doesn't tell it means the offer we know, whichever that is.
_SAME_OFFER = """
    o.title_id = s.title_id AND o.season_number IS NOT DISTINCT FROM s.season_number
    AND o.platform_id = s.platform_id AND o.country = s.country
    AND o.monetization = s.monetization AND (s.quality = 'unknown' OR o.quality = s.quality)
"""
FIND = f"""
    UPDATE staged_offers SET offer_id = found.id
    FROM (
        SELECT DISTINCT ON (s.ctid) s.ctid AS row, o.id
        FROM staged_offers s JOIN offers o ON {_SAME_OFFER}
        ORDER BY s.ctid, (o.gone_at IS NULL) DESC, (o.quality = s.quality) DESC, o.id
    ) AS found
    WHERE staged_offers.ctid = found.row
"""
NEW = """
    UPDATE staged_offers
    SET offer_id = nextval(pg_get_serial_sequence('offers', 'id')), is_new = true
    WHERE offer_id IS NULL
"""
# In one order and before anything is compared, so that a webhook can't change one in between.
LOCK = """
    SELECT count(*) FROM (
        SELECT o.id FROM offers o
        WHERE o.id IN (SELECT offer_id FROM staged_offers WHERE NOT is_new)
           OR o.gone_at IS NULL AND {covers}
        ORDER BY o.id FOR UPDATE
    ) AS locked
"""
# What a better source knows stays: a list that merely says "it is there" doesn't overrule it. But
# an expiry that has passed was wrong, and one that the demo invented never was right.
_KEEPS = "(o.source <> 'demo' AND o.confidence > :confidence)"
_EXPIRES = """
    CASE WHEN s.expires_on IS NULL AND o.source <> 'demo' AND o.expires_on >= :today
         THEN o.expires_on ELSE s.expires_on END
"""
HEARD = f"""
    INSERT INTO offer_news
    SELECT * FROM (
        SELECT o.id, true AS there, CASE WHEN o.gone_at IS NULL THEN 'changed' ELSE 'returned' END,
               {_EXPIRES} AS expires_on,
               CASE WHEN {_KEEPS} THEN o.price ELSE s.price END AS price,
               CASE WHEN {_KEEPS} THEN o.currency ELSE s.currency END AS currency,
               CASE WHEN {_KEEPS} THEN o.source ELSE :source END AS source,
               CASE WHEN {_KEEPS} THEN o.confidence ELSE :confidence END AS confidence,
               greatest(:at, b.believed_from) AS since
        FROM staged_offers s JOIN offers o ON o.id = s.offer_id
        LEFT JOIN offer_beliefs b ON b.offer_id = o.id AND b.believed_to IS NULL
    ) AS heard
    WHERE EXISTS (
        SELECT FROM offers o WHERE o.id = heard.id AND (o.gone_at IS NOT NULL OR
            (o.expires_on, o.price, o.currency, o.source, o.confidence) IS DISTINCT FROM
            (heard.expires_on, heard.price, heard.currency, heard.source, heard.confidence)))
    UNION ALL
    SELECT offer_id, true, 'new', expires_on, price, currency, :source, :confidence, :at
    FROM staged_offers WHERE is_new
"""
MISSED = """
    INSERT INTO offer_news
    SELECT o.id, false, 'gone', o.expires_on, o.price, o.currency, :source, :confidence,
           greatest(:at, b.believed_from)
    FROM offers o LEFT JOIN offer_beliefs b ON b.offer_id = o.id AND b.believed_to IS NULL
    WHERE o.gone_at IS NULL AND {covers}
      AND NOT EXISTS (SELECT FROM staged_offers s WHERE s.offer_id = o.id)
"""
INSERT = """
    INSERT INTO offers (id, title_id, season_number, platform_id, country, monetization, quality,
                        price, currency, url, expires_on, source, confidence, first_seen_at,
                        last_seen_at)
    SELECT offer_id, title_id, season_number, platform_id, country, monetization, quality,
           price, currency, url, expires_on, :source, :confidence, :at, :at
    FROM staged_offers WHERE is_new
"""
TELL = """
    UPDATE offers o
    SET expires_on = n.expires_on, price = n.price, currency = n.currency, source = n.source,
        confidence = n.confidence, gone_at = CASE WHEN n.there THEN NULL ELSE n.since END
    FROM offer_news n WHERE o.id = n.offer_id AND n.was IN ('changed', 'returned', 'gone')
"""
SEEN = """
    UPDATE offers o
    SET last_seen_at = greatest(o.last_seen_at, :at), url = coalesce(s.url, o.url)
    FROM staged_offers s WHERE o.id = s.offer_id AND NOT s.is_new
"""
CLOSE = """
    UPDATE offer_beliefs b SET believed_to = n.since
    FROM offer_news n WHERE b.offer_id = n.offer_id AND b.believed_to IS NULL
"""
OPEN = """
    INSERT INTO offer_beliefs (offer_id, there, expires_on, price, currency, source, confidence,
                               believed_from)
    SELECT offer_id, there, expires_on, price, currency, source, confidence, since FROM offer_news
"""
BUMP = """
    INSERT INTO availability_position AS p ("only", position) VALUES (true, 1)
    ON CONFLICT ("only") DO UPDATE SET position = p.position + 1
"""
COUNT = "SELECT was, count(*) AS number FROM offer_news GROUP BY was"
