-- The evidence of every pair, counted in DuckDB over flat tables: what counts.py is measured against (scale.py).
-- Tables: see wsiskg.evidence.facts.Facts. Lift and p-values, which are not counted, are left out.
CREATE TEMP TABLE counted AS
WITH
  tagged AS (
    SELECT project, code, rank, split_part(code, '.', 1) AS goal, contains(code, '.') AS is_target FROM sdgs
  ),
  direct AS (
    SELECT project, code AS sdg, rank FROM tagged WHERE is_target
    UNION ALL
    SELECT project, goal AS sdg, min(rank) AS rank FROM tagged GROUP BY project, goal
  ),
  weaker AS (
    SELECT named.project, targets.sdg, named.rank
    FROM tagged AS named
    JOIN targets ON targets.goal = named.goal
    LEFT JOIN tagged AS own ON own.project = named.project AND own.code = targets.sdg
    WHERE NOT named.is_target AND (own.rank IS NULL OR (own.rank = 2 AND named.rank < 2))
  ),
  carried AS (
    SELECT *, 'direct' AS directness FROM direct
    UNION ALL
    SELECT *, 'goal-level' AS directness FROM weaker
  ),
  paired AS (
    SELECT lines.code AS line, sdg, directness, project, greatest(lines.rank, carried.rank) AS rank
    FROM carried JOIN lines USING (project)
  ),
  kept AS (
    SELECT line, sdg, directness, project, ['declared', 'assigned', 'suggested'][rank + 1] AS origin FROM paired
    UNION ALL
    SELECT line, sdg, directness, project, 'confirmed' AS origin FROM paired WHERE rank < 2
  ),
  graded AS (
    SELECT project, bool_or(coalesce(grade, '') = 'winner') AS winner, bool_or(coalesce(grade, '') = 'champion') AS champion,
           bool_or(coalesce(grade, '') = 'nominee') AS nominee
    FROM awards GROUP BY project
  ),
  reviewed AS (
    SELECT sdg, review FROM (SELECT sdg, goal FROM targets UNION SELECT goal, goal FROM targets) JOIN reviews USING (goal)
  ),
  numbers AS (
    SELECT line, sdg, directness, origin, count(*) AS projects,
           count(graded.project) AS recognised, count(*) FILTER (winner) AS winners,
           count(*) FILTER (champion) AS champions, count(*) FILTER (nominee) AS nominees,
           count(DISTINCT stakeholder_type) AS stakeholder_types,
           min(first_year) AS first_year, max(last_year) AS last_year,
           count(*) FILTER (last_year > review) AS since_review
    FROM kept JOIN projects USING (project) LEFT JOIN graded USING (project) LEFT JOIN reviewed USING (sdg)
    GROUP BY ALL
  ),
  places AS (
    SELECT line, sdg, directness, origin, count(DISTINCT country) AS countries, count(DISTINCT region) AS regions
    FROM kept JOIN countries USING (project) GROUP BY ALL
  ),
  owners AS (
    SELECT line, sdg, directness, origin, count(DISTINCT organisation) AS organisations
    FROM kept JOIN organisations USING (project) GROUP BY ALL
  )
SELECT numbers.*, coalesce(countries, 0) AS countries, coalesce(regions, 0) AS regions,
       coalesce(organisations, 0) AS organisations
FROM numbers LEFT JOIN places USING (line, sdg, directness, origin)
             LEFT JOIN owners USING (line, sdg, directness, origin);
