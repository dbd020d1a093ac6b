"""The tables, their rights and their row-level security."""

import sqlalchemy as sa
from alembic import op

import tcma.columns

revision = "0001"
down_revision = None

POLICIES = (
    "GRANT SELECT, INSERT, UPDATE, DELETE ON artefacts TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON artefacts TO tcma_web",
    "ALTER TABLE artefacts ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE artefacts FORCE ROW LEVEL SECURITY",
    "CREATE POLICY artefacts_owner ON artefacts TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY artefacts_worker ON artefacts TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY artefacts_read ON artefacts FOR SELECT TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY artefacts_insert ON artefacts FOR INSERT TO tcma_web WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY artefacts_update ON artefacts FOR UPDATE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY artefacts_delete ON artefacts FOR DELETE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT ON audit_entries TO tcma_worker",
    "GRANT SELECT, INSERT ON audit_entries TO tcma_web",
    "ALTER TABLE audit_entries ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE audit_entries FORCE ROW LEVEL SECURITY",
    "CREATE POLICY audit_entries_owner ON audit_entries TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY audit_entries_worker ON audit_entries TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY audit_entries_read ON audit_entries FOR SELECT TO tcma_web USING (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY audit_entries_insert ON audit_entries FOR INSERT TO tcma_web WITH CHECK (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY audit_entries_update ON audit_entries FOR UPDATE TO tcma_web USING (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY audit_entries_delete ON audit_entries FOR DELETE TO tcma_web USING (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT ON audit_seals TO tcma_worker",
    "GRANT SELECT, INSERT ON audit_seals TO tcma_web",
    "ALTER TABLE audit_seals ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE audit_seals FORCE ROW LEVEL SECURITY",
    "CREATE POLICY audit_seals_owner ON audit_seals TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY audit_seals_worker ON audit_seals TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY audit_seals_read ON audit_seals FOR SELECT TO tcma_web USING (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY audit_seals_insert ON audit_seals FOR INSERT TO tcma_web WITH CHECK (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY audit_seals_update ON audit_seals FOR UPDATE TO tcma_web USING (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY audit_seals_delete ON audit_seals FOR DELETE TO tcma_web USING (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON brand_profiles TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON brand_profiles TO tcma_web",
    "GRANT SELECT, INSERT ON briefing_receipts TO tcma_worker",
    "GRANT SELECT, INSERT ON briefing_receipts TO tcma_web",
    "ALTER TABLE briefing_receipts ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE briefing_receipts FORCE ROW LEVEL SECURITY",
    "CREATE POLICY briefing_receipts_owner ON briefing_receipts TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY briefing_receipts_worker ON briefing_receipts TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY briefing_receipts_read ON briefing_receipts FOR SELECT TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY briefing_receipts_insert ON briefing_receipts FOR INSERT TO tcma_web WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY briefing_receipts_update ON briefing_receipts FOR UPDATE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY briefing_receipts_delete ON briefing_receipts FOR DELETE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON campaign_touches TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON campaign_touches TO tcma_web",
    "ALTER TABLE campaign_touches ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE campaign_touches FORCE ROW LEVEL SECURITY",
    "CREATE POLICY campaign_touches_owner ON campaign_touches TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY campaign_touches_worker ON campaign_touches TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY campaign_touches_read ON campaign_touches FOR SELECT TO tcma_web USING (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY campaign_touches_insert ON campaign_touches FOR INSERT TO tcma_web WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY campaign_touches_update ON campaign_touches FOR UPDATE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY campaign_touches_delete ON campaign_touches FOR DELETE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON campaigns TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON campaigns TO tcma_web",
    "ALTER TABLE campaigns ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE campaigns FORCE ROW LEVEL SECURITY",
    "CREATE POLICY campaigns_owner ON campaigns TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY campaigns_worker ON campaigns TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY campaigns_read ON campaigns FOR SELECT TO tcma_web USING (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY campaigns_insert ON campaigns FOR INSERT TO tcma_web WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY campaigns_update ON campaigns FOR UPDATE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY campaigns_delete ON campaigns FOR DELETE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT ON certificate_codes TO tcma_worker",
    "GRANT SELECT, INSERT ON certificate_codes TO tcma_web",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON certificates TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE (status, ended_reason, terms_version, terms_text, accepted_by_id, accepted_at) ON certificates TO tcma_web",
    "ALTER TABLE certificates ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE certificates FORCE ROW LEVEL SECURITY",
    "CREATE POLICY certificates_owner ON certificates TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY certificates_worker ON certificates TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY certificates_read ON certificates FOR SELECT TO tcma_web USING (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY certificates_insert ON certificates FOR INSERT TO tcma_web WITH CHECK (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY certificates_update ON certificates FOR UPDATE TO tcma_web USING (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY certificates_delete ON certificates FOR DELETE TO tcma_web USING (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON chunks TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON chunks TO tcma_web",
    "ALTER TABLE chunks ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE chunks FORCE ROW LEVEL SECURITY",
    "CREATE POLICY chunks_owner ON chunks TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY chunks_worker ON chunks TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY chunks_read ON chunks FOR SELECT TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY chunks_insert ON chunks FOR INSERT TO tcma_web WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY chunks_update ON chunks FOR UPDATE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY chunks_delete ON chunks FOR DELETE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON clock_offset TO tcma_worker",
    "GRANT SELECT ON clock_offset TO tcma_web",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON companies TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON companies TO tcma_web",
    "ALTER TABLE companies ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE companies FORCE ROW LEVEL SECURITY",
    "CREATE POLICY companies_owner ON companies TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY companies_worker ON companies TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY companies_read ON companies FOR SELECT TO tcma_web USING (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY companies_insert ON companies FOR INSERT TO tcma_web WITH CHECK (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY companies_update ON companies FOR UPDATE TO tcma_web USING (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY companies_delete ON companies FOR DELETE TO tcma_web USING (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT ON consents TO tcma_worker",
    "GRANT SELECT, INSERT ON consents TO tcma_web",
    "ALTER TABLE consents ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE consents FORCE ROW LEVEL SECURITY",
    "CREATE POLICY consents_owner ON consents TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY consents_worker ON consents TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY consents_read ON consents FOR SELECT TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY consents_insert ON consents FOR INSERT TO tcma_web WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY consents_update ON consents FOR UPDATE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY consents_delete ON consents FOR DELETE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON contact_imports TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON contact_imports TO tcma_web",
    "ALTER TABLE contact_imports ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE contact_imports FORCE ROW LEVEL SECURITY",
    "CREATE POLICY contact_imports_owner ON contact_imports TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY contact_imports_worker ON contact_imports TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY contact_imports_read ON contact_imports FOR SELECT TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY contact_imports_insert ON contact_imports FOR INSERT TO tcma_web WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY contact_imports_update ON contact_imports FOR UPDATE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY contact_imports_delete ON contact_imports FOR DELETE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON contact_lists TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON contact_lists TO tcma_web",
    "ALTER TABLE contact_lists ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE contact_lists FORCE ROW LEVEL SECURITY",
    "CREATE POLICY contact_lists_owner ON contact_lists TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY contact_lists_worker ON contact_lists TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY contact_lists_read ON contact_lists FOR SELECT TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY contact_lists_insert ON contact_lists FOR INSERT TO tcma_web WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY contact_lists_update ON contact_lists FOR UPDATE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY contact_lists_delete ON contact_lists FOR DELETE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON contacts TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON contacts TO tcma_web",
    "ALTER TABLE contacts ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE contacts FORCE ROW LEVEL SECURITY",
    "CREATE POLICY contacts_owner ON contacts TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY contacts_worker ON contacts TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY contacts_read ON contacts FOR SELECT TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY contacts_insert ON contacts FOR INSERT TO tcma_web WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY contacts_update ON contacts FOR UPDATE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY contacts_delete ON contacts FOR DELETE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON contacts_before TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON contacts_before TO tcma_web",
    "ALTER TABLE contacts_before ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE contacts_before FORCE ROW LEVEL SECURITY",
    "CREATE POLICY contacts_before_owner ON contacts_before TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY contacts_before_worker ON contacts_before TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY contacts_before_read ON contacts_before FOR SELECT TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY contacts_before_insert ON contacts_before FOR INSERT TO tcma_web WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY contacts_before_update ON contacts_before FOR UPDATE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY contacts_before_delete ON contacts_before FOR DELETE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON cost_lines TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON cost_lines TO tcma_web",
    "ALTER TABLE cost_lines ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE cost_lines FORCE ROW LEVEL SECURITY",
    "CREATE POLICY cost_lines_owner ON cost_lines TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY cost_lines_worker ON cost_lines TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY cost_lines_read ON cost_lines FOR SELECT TO tcma_web USING (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY cost_lines_insert ON cost_lines FOR INSERT TO tcma_web WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY cost_lines_update ON cost_lines FOR UPDATE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY cost_lines_delete ON cost_lines FOR DELETE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON deliveries TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON deliveries TO tcma_web",
    "ALTER TABLE deliveries ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE deliveries FORCE ROW LEVEL SECURITY",
    "CREATE POLICY deliveries_owner ON deliveries TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY deliveries_worker ON deliveries TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY deliveries_read ON deliveries FOR SELECT TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY deliveries_insert ON deliveries FOR INSERT TO tcma_web WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY deliveries_update ON deliveries FOR UPDATE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY deliveries_delete ON deliveries FOR DELETE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON elsewhere_files TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON elsewhere_files TO tcma_web",
    "ALTER TABLE elsewhere_files ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE elsewhere_files FORCE ROW LEVEL SECURITY",
    "CREATE POLICY elsewhere_files_owner ON elsewhere_files TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY elsewhere_files_worker ON elsewhere_files TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY elsewhere_files_read ON elsewhere_files FOR SELECT TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY elsewhere_files_insert ON elsewhere_files FOR INSERT TO tcma_web WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY elsewhere_files_update ON elsewhere_files FOR UPDATE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY elsewhere_files_delete ON elsewhere_files FOR DELETE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON elsewhere_money TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON elsewhere_money TO tcma_web",
    "ALTER TABLE elsewhere_money ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE elsewhere_money FORCE ROW LEVEL SECURITY",
    "CREATE POLICY elsewhere_money_owner ON elsewhere_money TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY elsewhere_money_worker ON elsewhere_money TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY elsewhere_money_read ON elsewhere_money FOR SELECT TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY elsewhere_money_insert ON elsewhere_money FOR INSERT TO tcma_web WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY elsewhere_money_update ON elsewhere_money FOR UPDATE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY elsewhere_money_delete ON elsewhere_money FOR DELETE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON funding_request_files TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON funding_request_files TO tcma_web",
    "ALTER TABLE funding_request_files ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE funding_request_files FORCE ROW LEVEL SECURITY",
    "CREATE POLICY funding_request_files_owner ON funding_request_files TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY funding_request_files_worker ON funding_request_files TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY funding_request_files_read ON funding_request_files FOR SELECT TO tcma_web USING (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY funding_request_files_insert ON funding_request_files FOR INSERT TO tcma_web WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY funding_request_files_update ON funding_request_files FOR UPDATE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY funding_request_files_delete ON funding_request_files FOR DELETE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON funding_requests TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON funding_requests TO tcma_web",
    "ALTER TABLE funding_requests ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE funding_requests FORCE ROW LEVEL SECURITY",
    "CREATE POLICY funding_requests_owner ON funding_requests TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY funding_requests_worker ON funding_requests TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY funding_requests_read ON funding_requests FOR SELECT TO tcma_web USING (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY funding_requests_insert ON funding_requests FOR INSERT TO tcma_web WITH CHECK (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY funding_requests_update ON funding_requests FOR UPDATE TO tcma_web USING (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY funding_requests_delete ON funding_requests FOR DELETE TO tcma_web USING (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON funds TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON funds TO tcma_web",
    "ALTER TABLE funds ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE funds FORCE ROW LEVEL SECURITY",
    "CREATE POLICY funds_owner ON funds TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY funds_worker ON funds TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY funds_read ON funds FOR SELECT TO tcma_web USING (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY funds_insert ON funds FOR INSERT TO tcma_web WITH CHECK (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY funds_update ON funds FOR UPDATE TO tcma_web USING (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY funds_delete ON funds FOR DELETE TO tcma_web USING (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON inbound_mails TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON inbound_mails TO tcma_web",
    "ALTER TABLE inbound_mails ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE inbound_mails FORCE ROW LEVEL SECURITY",
    "CREATE POLICY inbound_mails_owner ON inbound_mails TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY inbound_mails_worker ON inbound_mails TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY inbound_mails_read ON inbound_mails FOR SELECT TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY inbound_mails_insert ON inbound_mails FOR INSERT TO tcma_web WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY inbound_mails_update ON inbound_mails FOR UPDATE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY inbound_mails_delete ON inbound_mails FOR DELETE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON invitations TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON invitations TO tcma_web",
    "ALTER TABLE invitations ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE invitations FORCE ROW LEVEL SECURITY",
    "CREATE POLICY invitations_owner ON invitations TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY invitations_worker ON invitations TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY invitations_read ON invitations FOR SELECT TO tcma_web USING (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY invitations_insert ON invitations FOR INSERT TO tcma_web WITH CHECK (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY invitations_update ON invitations FOR UPDATE TO tcma_web USING (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY invitations_delete ON invitations FOR DELETE TO tcma_web USING (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON jobs TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE ON jobs TO tcma_web",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON join_requests TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON join_requests TO tcma_web",
    "ALTER TABLE join_requests ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE join_requests FORCE ROW LEVEL SECURITY",
    "CREATE POLICY join_requests_owner ON join_requests TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY join_requests_worker ON join_requests TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY join_requests_read ON join_requests FOR SELECT TO tcma_web USING (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY join_requests_insert ON join_requests FOR INSERT TO tcma_web WITH CHECK (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY join_requests_update ON join_requests FOR UPDATE TO tcma_web USING (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY join_requests_delete ON join_requests FOR DELETE TO tcma_web USING (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON kit_files TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON kit_files TO tcma_web",
    "ALTER TABLE kit_files ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE kit_files FORCE ROW LEVEL SECURITY",
    "CREATE POLICY kit_files_owner ON kit_files TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY kit_files_worker ON kit_files TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY kit_files_read ON kit_files FOR SELECT TO tcma_web USING (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY kit_files_insert ON kit_files FOR INSERT TO tcma_web WITH CHECK (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY kit_files_update ON kit_files FOR UPDATE TO tcma_web USING (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY kit_files_delete ON kit_files FOR DELETE TO tcma_web USING (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY kit_files_partner ON kit_files FOR SELECT TO tcma_web USING (offered_at IS NOT NULL AND EXISTS (SELECT 1 FROM partnerships p WHERE p.vendor_id = kit_files.vendor_id AND p.partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint AND p.status IN ('active', 'suspended')))",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON kit_releases TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON kit_releases TO tcma_web",
    "ALTER TABLE kit_releases ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE kit_releases FORCE ROW LEVEL SECURITY",
    "CREATE POLICY kit_releases_owner ON kit_releases TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY kit_releases_worker ON kit_releases TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY kit_releases_read ON kit_releases FOR SELECT TO tcma_web USING (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY kit_releases_insert ON kit_releases FOR INSERT TO tcma_web WITH CHECK (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY kit_releases_update ON kit_releases FOR UPDATE TO tcma_web USING (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY kit_releases_delete ON kit_releases FOR DELETE TO tcma_web USING (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY kit_releases_partner ON kit_releases FOR SELECT TO tcma_web USING (offered_at IS NOT NULL AND EXISTS (SELECT 1 FROM partnerships p WHERE p.vendor_id = kit_releases.vendor_id AND p.partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint AND p.status IN ('active', 'suspended')))",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON kit_versions TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON kit_versions TO tcma_web",
    "ALTER TABLE kit_versions ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE kit_versions FORCE ROW LEVEL SECURITY",
    "CREATE POLICY kit_versions_owner ON kit_versions TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY kit_versions_worker ON kit_versions TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY kit_versions_read ON kit_versions FOR SELECT TO tcma_web USING (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY kit_versions_insert ON kit_versions FOR INSERT TO tcma_web WITH CHECK (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY kit_versions_update ON kit_versions FOR UPDATE TO tcma_web USING (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY kit_versions_delete ON kit_versions FOR DELETE TO tcma_web USING (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY kit_versions_partner ON kit_versions FOR SELECT TO tcma_web USING (offered_at IS NOT NULL AND EXISTS (SELECT 1 FROM partnerships p WHERE p.vendor_id = kit_versions.vendor_id AND p.partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint AND p.status IN ('active', 'suspended')))",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON kits TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON kits TO tcma_web",
    "ALTER TABLE kits ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE kits FORCE ROW LEVEL SECURITY",
    "CREATE POLICY kits_owner ON kits TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY kits_worker ON kits TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY kits_read ON kits FOR SELECT TO tcma_web USING (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY kits_insert ON kits FOR INSERT TO tcma_web WITH CHECK (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY kits_update ON kits FOR UPDATE TO tcma_web USING (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY kits_delete ON kits FOR DELETE TO tcma_web USING (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY kits_partner ON kits FOR SELECT TO tcma_web USING (offered_at IS NOT NULL AND EXISTS (SELECT 1 FROM partnerships p WHERE p.vendor_id = kits.vendor_id AND p.partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint AND p.status IN ('active', 'suspended')))",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON lead_amounts TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON lead_amounts TO tcma_web",
    "ALTER TABLE lead_amounts ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE lead_amounts FORCE ROW LEVEL SECURITY",
    "CREATE POLICY lead_amounts_owner ON lead_amounts TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY lead_amounts_worker ON lead_amounts TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY lead_amounts_read ON lead_amounts FOR SELECT TO tcma_web USING (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_amounts_insert ON lead_amounts FOR INSERT TO tcma_web WITH CHECK (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_amounts_update ON lead_amounts FOR UPDATE TO tcma_web USING (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_amounts_delete ON lead_amounts FOR DELETE TO tcma_web USING (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON lead_answers TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON lead_answers TO tcma_web",
    "ALTER TABLE lead_answers ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE lead_answers FORCE ROW LEVEL SECURITY",
    "CREATE POLICY lead_answers_owner ON lead_answers TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY lead_answers_worker ON lead_answers TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY lead_answers_read ON lead_answers FOR SELECT TO tcma_web USING (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_answers_insert ON lead_answers FOR INSERT TO tcma_web WITH CHECK (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_answers_update ON lead_answers FOR UPDATE TO tcma_web USING (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_answers_delete ON lead_answers FOR DELETE TO tcma_web USING (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_answers_vendor ON lead_answers FOR SELECT TO tcma_web USING (disclosed_at IS NOT NULL AND vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON lead_clocks TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON lead_clocks TO tcma_web",
    "ALTER TABLE lead_clocks ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE lead_clocks FORCE ROW LEVEL SECURITY",
    "CREATE POLICY lead_clocks_owner ON lead_clocks TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY lead_clocks_worker ON lead_clocks TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY lead_clocks_read ON lead_clocks FOR SELECT TO tcma_web USING (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_clocks_insert ON lead_clocks FOR INSERT TO tcma_web WITH CHECK (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_clocks_update ON lead_clocks FOR UPDATE TO tcma_web USING (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_clocks_delete ON lead_clocks FOR DELETE TO tcma_web USING (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON lead_deals TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON lead_deals TO tcma_web",
    "ALTER TABLE lead_deals ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE lead_deals FORCE ROW LEVEL SECURITY",
    "CREATE POLICY lead_deals_owner ON lead_deals TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY lead_deals_worker ON lead_deals TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY lead_deals_read ON lead_deals FOR SELECT TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_deals_insert ON lead_deals FOR INSERT TO tcma_web WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_deals_update ON lead_deals FOR UPDATE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_deals_delete ON lead_deals FOR DELETE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON lead_findings TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON lead_findings TO tcma_web",
    "ALTER TABLE lead_findings ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE lead_findings FORCE ROW LEVEL SECURITY",
    "CREATE POLICY lead_findings_owner ON lead_findings TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY lead_findings_worker ON lead_findings TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY lead_findings_read ON lead_findings FOR SELECT TO tcma_web USING (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_findings_insert ON lead_findings FOR INSERT TO tcma_web WITH CHECK (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_findings_update ON lead_findings FOR UPDATE TO tcma_web USING (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_findings_delete ON lead_findings FOR DELETE TO tcma_web USING (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_findings_vendor ON lead_findings FOR SELECT TO tcma_web USING (disclosed_at IS NOT NULL AND vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON lead_links TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON lead_links TO tcma_web",
    "ALTER TABLE lead_links ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE lead_links FORCE ROW LEVEL SECURITY",
    "CREATE POLICY lead_links_owner ON lead_links TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY lead_links_worker ON lead_links TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY lead_links_read ON lead_links FOR SELECT TO tcma_web USING (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_links_insert ON lead_links FOR INSERT TO tcma_web WITH CHECK (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_links_update ON lead_links FOR UPDATE TO tcma_web USING (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_links_delete ON lead_links FOR DELETE TO tcma_web USING (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON lead_notes TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON lead_notes TO tcma_web",
    "ALTER TABLE lead_notes ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE lead_notes FORCE ROW LEVEL SECURITY",
    "CREATE POLICY lead_notes_owner ON lead_notes TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY lead_notes_worker ON lead_notes TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY lead_notes_read ON lead_notes FOR SELECT TO tcma_web USING (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_notes_insert ON lead_notes FOR INSERT TO tcma_web WITH CHECK (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_notes_update ON lead_notes FOR UPDATE TO tcma_web USING (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_notes_delete ON lead_notes FOR DELETE TO tcma_web USING (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_notes_vendor ON lead_notes FOR SELECT TO tcma_web USING (disclosed_at IS NOT NULL AND vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON lead_people TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON lead_people TO tcma_web",
    "ALTER TABLE lead_people ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE lead_people FORCE ROW LEVEL SECURITY",
    "CREATE POLICY lead_people_owner ON lead_people TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY lead_people_worker ON lead_people TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY lead_people_read ON lead_people FOR SELECT TO tcma_web USING (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_people_insert ON lead_people FOR INSERT TO tcma_web WITH CHECK (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_people_update ON lead_people FOR UPDATE TO tcma_web USING (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_people_delete ON lead_people FOR DELETE TO tcma_web USING (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_people_vendor ON lead_people FOR SELECT TO tcma_web USING (disclosed_at IS NOT NULL AND vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT ON lead_steps TO tcma_worker",
    "GRANT SELECT, INSERT ON lead_steps TO tcma_web",
    "ALTER TABLE lead_steps ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE lead_steps FORCE ROW LEVEL SECURITY",
    "CREATE POLICY lead_steps_owner ON lead_steps TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY lead_steps_worker ON lead_steps TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY lead_steps_read ON lead_steps FOR SELECT TO tcma_web USING (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_steps_insert ON lead_steps FOR INSERT TO tcma_web WITH CHECK (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_steps_update ON lead_steps FOR UPDATE TO tcma_web USING (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_steps_delete ON lead_steps FOR DELETE TO tcma_web USING (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT ON lead_transitions TO tcma_worker",
    "GRANT SELECT, INSERT ON lead_transitions TO tcma_web",
    "ALTER TABLE lead_transitions ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE lead_transitions FORCE ROW LEVEL SECURITY",
    "CREATE POLICY lead_transitions_owner ON lead_transitions TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY lead_transitions_worker ON lead_transitions TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY lead_transitions_read ON lead_transitions FOR SELECT TO tcma_web USING (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_transitions_insert ON lead_transitions FOR INSERT TO tcma_web WITH CHECK (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_transitions_update ON lead_transitions FOR UPDATE TO tcma_web USING (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY lead_transitions_delete ON lead_transitions FOR DELETE TO tcma_web USING (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON leads TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON leads TO tcma_web",
    "ALTER TABLE leads ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE leads FORCE ROW LEVEL SECURITY",
    "CREATE POLICY leads_owner ON leads TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY leads_worker ON leads TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY leads_read ON leads FOR SELECT TO tcma_web USING (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY leads_insert ON leads FOR INSERT TO tcma_web WITH CHECK (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY leads_update ON leads FOR UPDATE TO tcma_web USING (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY leads_delete ON leads FOR DELETE TO tcma_web USING (owner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ledger_accounts TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE (balance) ON ledger_accounts TO tcma_web",
    "ALTER TABLE ledger_accounts ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE ledger_accounts FORCE ROW LEVEL SECURITY",
    "CREATE POLICY ledger_accounts_owner ON ledger_accounts TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY ledger_accounts_worker ON ledger_accounts TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY ledger_accounts_read ON ledger_accounts FOR SELECT TO tcma_web USING (holder_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR other_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY ledger_accounts_insert ON ledger_accounts FOR INSERT TO tcma_web WITH CHECK (holder_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY ledger_accounts_update ON ledger_accounts FOR UPDATE TO tcma_web USING (holder_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (holder_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY ledger_accounts_delete ON ledger_accounts FOR DELETE TO tcma_web USING (holder_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT ON ledger_entries TO tcma_worker",
    "GRANT SELECT, INSERT ON ledger_entries TO tcma_web",
    "ALTER TABLE ledger_entries ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE ledger_entries FORCE ROW LEVEL SECURITY",
    "CREATE POLICY ledger_entries_owner ON ledger_entries TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY ledger_entries_worker ON ledger_entries TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY ledger_entries_read ON ledger_entries FOR SELECT TO tcma_web USING (holder_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR other_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY ledger_entries_insert ON ledger_entries FOR INSERT TO tcma_web WITH CHECK (holder_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY ledger_entries_update ON ledger_entries FOR UPDATE TO tcma_web USING (holder_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR other_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (holder_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR other_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY ledger_entries_delete ON ledger_entries FOR DELETE TO tcma_web USING (holder_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR other_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT ON ledger_postings TO tcma_worker",
    "GRANT SELECT, INSERT ON ledger_postings TO tcma_web",
    "ALTER TABLE ledger_postings ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE ledger_postings FORCE ROW LEVEL SECURITY",
    "CREATE POLICY ledger_postings_owner ON ledger_postings TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY ledger_postings_worker ON ledger_postings TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY ledger_postings_read ON ledger_postings FOR SELECT TO tcma_web USING (holder_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR other_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY ledger_postings_insert ON ledger_postings FOR INSERT TO tcma_web WITH CHECK (holder_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY ledger_postings_update ON ledger_postings FOR UPDATE TO tcma_web USING (holder_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR other_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (holder_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR other_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY ledger_postings_delete ON ledger_postings FOR DELETE TO tcma_web USING (holder_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR other_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON list_members TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON list_members TO tcma_web",
    "ALTER TABLE list_members ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE list_members FORCE ROW LEVEL SECURITY",
    "CREATE POLICY list_members_owner ON list_members TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY list_members_worker ON list_members TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY list_members_read ON list_members FOR SELECT TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY list_members_insert ON list_members FOR INSERT TO tcma_web WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY list_members_update ON list_members FOR UPDATE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY list_members_delete ON list_members FOR DELETE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON mail_preferences TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON mail_preferences TO tcma_web",
    "ALTER TABLE mail_preferences ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE mail_preferences FORCE ROW LEVEL SECURITY",
    "CREATE POLICY mail_preferences_owner ON mail_preferences TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY mail_preferences_worker ON mail_preferences TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY mail_preferences_read ON mail_preferences FOR SELECT TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY mail_preferences_insert ON mail_preferences FOR INSERT TO tcma_web WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY mail_preferences_update ON mail_preferences FOR UPDATE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY mail_preferences_delete ON mail_preferences FOR DELETE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON memberships TO tcma_worker",
    "GRANT SELECT, INSERT, DELETE ON memberships TO tcma_web",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON notice_choices TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE ON notice_choices TO tcma_web",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON notices TO tcma_worker",
    "GRANT INSERT ON notices TO tcma_web",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON organisations TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON organisations TO tcma_web",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON partner_suppressions TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON partner_suppressions TO tcma_web",
    "ALTER TABLE partner_suppressions ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE partner_suppressions FORCE ROW LEVEL SECURITY",
    "CREATE POLICY partner_suppressions_owner ON partner_suppressions TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY partner_suppressions_worker ON partner_suppressions TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY partner_suppressions_read ON partner_suppressions FOR SELECT TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY partner_suppressions_insert ON partner_suppressions FOR INSERT TO tcma_web WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY partner_suppressions_update ON partner_suppressions FOR UPDATE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY partner_suppressions_delete ON partner_suppressions FOR DELETE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON partnerships TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON partnerships TO tcma_web",
    "ALTER TABLE partnerships ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE partnerships FORCE ROW LEVEL SECURITY",
    "CREATE POLICY partnerships_owner ON partnerships TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY partnerships_worker ON partnerships TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY partnerships_read ON partnerships FOR SELECT TO tcma_web USING (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY partnerships_insert ON partnerships FOR INSERT TO tcma_web WITH CHECK (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY partnerships_update ON partnerships FOR UPDATE TO tcma_web USING (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY partnerships_delete ON partnerships FOR DELETE TO tcma_web USING (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON people_marks TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON people_marks TO tcma_web",
    "ALTER TABLE people_marks ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE people_marks FORCE ROW LEVEL SECURITY",
    "CREATE POLICY people_marks_owner ON people_marks TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY people_marks_worker ON people_marks TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY people_marks_read ON people_marks FOR SELECT TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY people_marks_insert ON people_marks FOR INSERT TO tcma_web WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY people_marks_update ON people_marks FOR UPDATE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY people_marks_delete ON people_marks FOR DELETE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON planned_costs TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON planned_costs TO tcma_web",
    "ALTER TABLE planned_costs ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE planned_costs FORCE ROW LEVEL SECURITY",
    "CREATE POLICY planned_costs_owner ON planned_costs TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY planned_costs_worker ON planned_costs TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY planned_costs_read ON planned_costs FOR SELECT TO tcma_web USING (vendor_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint OR partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY planned_costs_insert ON planned_costs FOR INSERT TO tcma_web WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY planned_costs_update ON planned_costs FOR UPDATE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY planned_costs_delete ON planned_costs FOR DELETE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON platform_messages TO tcma_worker",
    "GRANT INSERT ON platform_messages TO tcma_web",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON platform_suppressions TO tcma_worker",
    "GRANT SELECT, INSERT ON platform_suppressions TO tcma_web",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON pressed_forms TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON pressed_forms TO tcma_web",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON programme_suppressions TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON programme_suppressions TO tcma_web",
    "ALTER TABLE programme_suppressions ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE programme_suppressions FORCE ROW LEVEL SECURITY",
    "CREATE POLICY programme_suppressions_owner ON programme_suppressions TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY programme_suppressions_worker ON programme_suppressions TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY programme_suppressions_read ON programme_suppressions FOR SELECT TO tcma_web USING (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY programme_suppressions_insert ON programme_suppressions FOR INSERT TO tcma_web WITH CHECK (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY programme_suppressions_update ON programme_suppressions FOR UPDATE TO tcma_web USING (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY programme_suppressions_delete ON programme_suppressions FOR DELETE TO tcma_web USING (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON provider_reports TO tcma_worker",
    "GRANT SELECT, INSERT ON provider_reports TO tcma_web",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON replies TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON replies TO tcma_web",
    "ALTER TABLE replies ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE replies FORCE ROW LEVEL SECURITY",
    "CREATE POLICY replies_owner ON replies TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY replies_worker ON replies TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY replies_read ON replies FOR SELECT TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY replies_insert ON replies FOR INSERT TO tcma_web WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY replies_update ON replies FOR UPDATE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY replies_delete ON replies FOR DELETE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON send_groups TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON send_groups TO tcma_web",
    "ALTER TABLE send_groups ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE send_groups FORCE ROW LEVEL SECURITY",
    "CREATE POLICY send_groups_owner ON send_groups TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY send_groups_worker ON send_groups TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY send_groups_read ON send_groups FOR SELECT TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY send_groups_insert ON send_groups FOR INSERT TO tcma_web WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY send_groups_update ON send_groups FOR UPDATE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY send_groups_delete ON send_groups FOR DELETE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON sender_domains TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON sender_domains TO tcma_web",
    "ALTER TABLE sender_domains ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE sender_domains FORCE ROW LEVEL SECURITY",
    "CREATE POLICY sender_domains_owner ON sender_domains TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY sender_domains_worker ON sender_domains TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY sender_domains_read ON sender_domains FOR SELECT TO tcma_web USING (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY sender_domains_insert ON sender_domains FOR INSERT TO tcma_web WITH CHECK (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY sender_domains_update ON sender_domains FOR UPDATE TO tcma_web USING (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY sender_domains_delete ON sender_domains FOR DELETE TO tcma_web USING (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_links TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_links TO tcma_web",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON sign_ins TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON sign_ins TO tcma_web",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON skipped_rows TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON skipped_rows TO tcma_web",
    "ALTER TABLE skipped_rows ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE skipped_rows FORCE ROW LEVEL SECURITY",
    "CREATE POLICY skipped_rows_owner ON skipped_rows TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY skipped_rows_worker ON skipped_rows TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY skipped_rows_read ON skipped_rows FOR SELECT TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY skipped_rows_insert ON skipped_rows FOR INSERT TO tcma_web WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY skipped_rows_update ON skipped_rows FOR UPDATE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY skipped_rows_delete ON skipped_rows FOR DELETE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON suppression_imports TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON suppression_imports TO tcma_web",
    "ALTER TABLE suppression_imports ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE suppression_imports FORCE ROW LEVEL SECURITY",
    "CREATE POLICY suppression_imports_owner ON suppression_imports TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY suppression_imports_worker ON suppression_imports TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY suppression_imports_read ON suppression_imports FOR SELECT TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY suppression_imports_insert ON suppression_imports FOR INSERT TO tcma_web WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY suppression_imports_update ON suppression_imports FOR UPDATE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY suppression_imports_delete ON suppression_imports FOR DELETE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON task_snoozes TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON task_snoozes TO tcma_web",
    "ALTER TABLE task_snoozes ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE task_snoozes FORCE ROW LEVEL SECURITY",
    "CREATE POLICY task_snoozes_owner ON task_snoozes TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY task_snoozes_worker ON task_snoozes TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY task_snoozes_read ON task_snoozes FOR SELECT TO tcma_web USING (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY task_snoozes_insert ON task_snoozes FOR INSERT TO tcma_web WITH CHECK (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY task_snoozes_update ON task_snoozes FOR UPDATE TO tcma_web USING (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY task_snoozes_delete ON task_snoozes FOR DELETE TO tcma_web USING (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT ON terms_acceptances TO tcma_worker",
    "GRANT SELECT, INSERT ON terms_acceptances TO tcma_web",
    "ALTER TABLE terms_acceptances ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE terms_acceptances FORCE ROW LEVEL SECURITY",
    "CREATE POLICY terms_acceptances_owner ON terms_acceptances TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY terms_acceptances_worker ON terms_acceptances TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY terms_acceptances_read ON terms_acceptances FOR SELECT TO tcma_web USING (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY terms_acceptances_insert ON terms_acceptances FOR INSERT TO tcma_web WITH CHECK (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY terms_acceptances_update ON terms_acceptances FOR UPDATE TO tcma_web USING (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY terms_acceptances_delete ON terms_acceptances FOR DELETE TO tcma_web USING (organisation_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT ON touch_events TO tcma_worker",
    "GRANT SELECT, INSERT ON touch_events TO tcma_web",
    "ALTER TABLE touch_events ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE touch_events FORCE ROW LEVEL SECURITY",
    "CREATE POLICY touch_events_owner ON touch_events TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY touch_events_worker ON touch_events TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY touch_events_read ON touch_events FOR SELECT TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY touch_events_insert ON touch_events FOR INSERT TO tcma_web WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY touch_events_update ON touch_events FOR UPDATE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY touch_events_delete ON touch_events FOR DELETE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT ON unit_prices TO tcma_worker",
    "GRANT SELECT, INSERT ON unit_prices TO tcma_web",
    "GRANT SELECT, INSERT ON unsubscriptions TO tcma_worker",
    "GRANT SELECT, INSERT ON unsubscriptions TO tcma_web",
    "ALTER TABLE unsubscriptions ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE unsubscriptions FORCE ROW LEVEL SECURITY",
    "CREATE POLICY unsubscriptions_owner ON unsubscriptions TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY unsubscriptions_worker ON unsubscriptions TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY unsubscriptions_read ON unsubscriptions FOR SELECT TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY unsubscriptions_insert ON unsubscriptions FOR INSERT TO tcma_web WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY unsubscriptions_update ON unsubscriptions FOR UPDATE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY unsubscriptions_delete ON unsubscriptions FOR DELETE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON users TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON users TO tcma_web",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON webinar_attendance_uploads TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON webinar_attendance_uploads TO tcma_web",
    "ALTER TABLE webinar_attendance_uploads ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE webinar_attendance_uploads FORCE ROW LEVEL SECURITY",
    "CREATE POLICY webinar_attendance_uploads_owner ON webinar_attendance_uploads TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY webinar_attendance_uploads_worker ON webinar_attendance_uploads TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY webinar_attendance_uploads_read ON webinar_attendance_uploads FOR SELECT TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY webinar_attendance_uploads_insert ON webinar_attendance_uploads FOR INSERT TO tcma_web WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY webinar_attendance_uploads_update ON webinar_attendance_uploads FOR UPDATE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY webinar_attendance_uploads_delete ON webinar_attendance_uploads FOR DELETE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON webinar_seats TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON webinar_seats TO tcma_web",
    "ALTER TABLE webinar_seats ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE webinar_seats FORCE ROW LEVEL SECURITY",
    "CREATE POLICY webinar_seats_owner ON webinar_seats TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY webinar_seats_worker ON webinar_seats TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY webinar_seats_read ON webinar_seats FOR SELECT TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY webinar_seats_insert ON webinar_seats FOR INSERT TO tcma_web WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY webinar_seats_update ON webinar_seats FOR UPDATE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY webinar_seats_delete ON webinar_seats FOR DELETE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON webinar_sessions TO tcma_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON webinar_sessions TO tcma_web",
    "ALTER TABLE webinar_sessions ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE webinar_sessions FORCE ROW LEVEL SECURITY",
    "CREATE POLICY webinar_sessions_owner ON webinar_sessions TO CURRENT_USER USING (true) WITH CHECK (true)",
    "CREATE POLICY webinar_sessions_worker ON webinar_sessions TO tcma_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY webinar_sessions_read ON webinar_sessions FOR SELECT TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY webinar_sessions_insert ON webinar_sessions FOR INSERT TO tcma_web WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY webinar_sessions_update ON webinar_sessions FOR UPDATE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint) WITH CHECK (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "CREATE POLICY webinar_sessions_delete ON webinar_sessions FOR DELETE TO tcma_web USING (partner_id = NULLIF(current_setting('tcma.tenant', true), '')::bigint)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON workers TO tcma_worker",
    "GRANT SELECT ON workers TO tcma_web",
)


def upgrade() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    op.create_table(
        "clock_offset",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("seconds", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_offset")),
    )
    op.create_table(
        "organisations",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("public_id", tcma.columns.PublicId(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("legal_name", sa.String(length=160), nullable=False),
        sa.Column("domain", sa.String(length=253), nullable=True),
        sa.Column("street", sa.String(length=160), nullable=False),
        sa.Column("postal_code", sa.String(length=20), nullable=False),
        sa.Column("city", sa.String(length=80), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("locale", sa.String(length=12), nullable=False),
        sa.Column("timezone", sa.String(length=40), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("imprint", sa.Text(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.Column("working_days", sa.String(length=7), nullable=False),
        sa.Column("holiday_region", sa.String(length=10), nullable=True),
        sa.Column("closed_on", tcma.columns.Json, nullable=False),
        sa.Column("external_id", sa.String(length=80), nullable=True),
        sa.Column("created_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("domain", name=op.f("uq_organisations_domain")),
        sa.UniqueConstraint("public_id", name=op.f("uq_organisations_public_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_organisations_slug")),
    )
    op.create_table(
        "platform_messages",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("reader", sa.String(length=260), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("lease_until", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("created_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("ended_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_messages")),
    )
    op.create_index("ix_platform_messages_due", "platform_messages", ["status", "retry_at"], unique=False)
    op.create_index(op.f("ix_platform_messages_reader"), "platform_messages", ["reader"], unique=False)
    op.create_table(
        "platform_suppressions",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("address_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("at", tcma.columns.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_suppressions")),
        sa.UniqueConstraint(
            "address_hash", "reason", name=op.f("uq_platform_suppressions_address_hash_reason")
        ),
    )
    op.create_table(
        "provider_reports",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("events", tcma.columns.Json, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("received_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_reports")),
    )
    op.create_table(
        "unit_prices",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("price", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("valid_from", tcma.columns.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_prices")),
    )
    op.create_table(
        "users",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("public_id", tcma.columns.PublicId(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("locale", sa.String(length=12), nullable=False),
        sa.Column("theme", sa.String(length=8), nullable=False),
        sa.Column("timezone", sa.String(length=40), nullable=True),
        sa.Column("keys_on", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("created_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
        sa.UniqueConstraint("public_id", name=op.f("uq_users_public_id")),
    )
    op.create_table(
        "workers",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("host", sa.String(length=120), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("started_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("beat_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("progress_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("oldest_waiting_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("ended_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
    )
    op.create_table(
        "audit_entries",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rule", sa.String(length=80), nullable=True),
        sa.Column("detail", tcma.columns.Json, nullable=True),
        sa.Column("at", tcma.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_audit_entries_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_audit_entries_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index(
        op.f("ix_audit_entries_organisation_id"), "audit_entries", ["organisation_id"], unique=False
    )
    op.create_index("ix_audit_entries_subject", "audit_entries", ["subject_kind", "subject_id"], unique=False)
    op.create_table(
        "audit_seals",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first_entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("last_entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", tcma.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_audit_seals_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_seals")),
        sa.UniqueConstraint(
            "organisation_id", "last_entry_id", name=op.f("uq_audit_seals_organisation_id_last_entry_id")
        ),
    )
    op.create_table(
        "brand_profiles",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("colour", sa.String(length=7), nullable=False),
        sa.Column("logo", tcma.columns.Json, nullable=True),
        sa.Column("website", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("imprint_url", sa.String(length=300), nullable=False),
        sa.Column("privacy_url", sa.String(length=300), nullable=False),
        sa.Column("contact_name", sa.String(length=120), nullable=False),
        sa.Column("contact_title", sa.String(length=120), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column("contact_phone", sa.String(length=40), nullable=False),
        sa.Column("contact_picture", tcma.columns.Json, nullable=True),
        sa.Column("sender_name", sa.String(length=120), nullable=False),
        sa.Column("updated_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_brand_profiles_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brand_profiles")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_brand_profiles_organisation_id")),
    )
    op.create_table(
        "certificate_codes",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("code_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_certificate_codes_partner_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_codes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_certificate_codes_code_hash")),
    )
    op.create_table(
        "companies",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("public_id", tcma.columns.PublicId(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("domain", sa.String(length=253), nullable=True),
        sa.Column("domain_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("name_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("employees", sa.String(length=40), nullable=False),
        sa.Column("employees_min", sa.Integer(), nullable=True),
        sa.Column("employees_max", sa.Integer(), nullable=True),
        sa.Column("created_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_companies_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_companies")),
        sa.UniqueConstraint("public_id", name=op.f("uq_companies_public_id")),
    )
    op.create_index("ix_companies_domain", "companies", ["organisation_id", "domain_key"], unique=True)
    op.create_index("ix_companies_domain_key", "companies", ["domain_key"], unique=False)
    op.create_index("ix_companies_name", "companies", ["organisation_id", "name_key"], unique=False)
    op.create_table(
        "consents",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("wording_version", sa.String(length=40), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("how", sa.String(length=40), nullable=False),
        sa.Column("natural_key", sa.String(length=80), nullable=False),
        sa.Column("at", tcma.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_consents_partner_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["party_id"], ["organisations.id"], name=op.f("fk_consents_party_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sa.UniqueConstraint("partner_id", "natural_key", name=op.f("uq_consents_partner_id_natural_key")),
    )
    op.create_index(
        "ix_consents_person", "consents", ["partner_id", "address_hash", "party_id"], unique=False
    )
    op.create_table(
        "contact_lists",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("public_id", tcma.columns.PublicId(), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("created_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("deleted_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_contact_lists_partner_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_lists")),
        sa.UniqueConstraint("partner_id", "name", name=op.f("uq_contact_lists_partner_id_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_contact_lists_public_id")),
    )
    op.create_table(
        "contacts",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("public_id", tcma.columns.PublicId(), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("address_typed", sa.String(length=320), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("first_name", sa.String(length=80), nullable=False),
        sa.Column("last_name", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("company", sa.String(length=160), nullable=False),
        sa.Column("industry", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("employees", sa.String(length=40), nullable=False),
        sa.Column("employees_min", sa.Integer(), nullable=True),
        sa.Column("employees_max", sa.Integer(), nullable=True),
        sa.Column("relation", sa.String(32), nullable=False),
        sa.Column("created_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("updated_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("deleted_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_contacts_partner_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("partner_id", "address", name=op.f("uq_contacts_partner_id_address")),
        sa.UniqueConstraint("public_id", name=op.f("uq_contacts_public_id")),
    )
    op.create_index("ix_contacts_hash", "contacts", ["partner_id", "address_hash"], unique=False)
    op.create_table(
        "elsewhere_money",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("public_id", tcma.columns.PublicId(), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("vendor_name", sa.String(length=120), nullable=False),
        sa.Column("amount", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("share_bp", sa.Integer(), nullable=True),
        sa.Column("use_by_on", sa.Date(), nullable=True),
        sa.Column("claim_by_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("updated_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_elsewhere_money_amount")),
        sa.CheckConstraint(
            "share_bp IS NULL OR share_bp BETWEEN 1 AND 10000", name=op.f("ck_elsewhere_money_share")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_elsewhere_money_created_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_elsewhere_money_partner_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elsewhere_money")),
        sa.UniqueConstraint("public_id", name=op.f("uq_elsewhere_money_public_id")),
    )
    op.create_index(
        "ix_elsewhere_money_claim_by", "elsewhere_money", ["partner_id", "claim_by_on"], unique=False
    )
    op.create_index("ix_elsewhere_money_use_by", "elsewhere_money", ["partner_id", "use_by_on"], unique=False)
    op.create_table(
        "funds",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("public_id", tcma.columns.PublicId(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("share_bp", sa.Integer(), nullable=False),
        sa.Column("cap_amount", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("settle_days", sa.Integer(), nullable=False),
        sa.Column("terms_version", sa.String(length=20), nullable=False),
        sa.Column("terms_text", sa.Text(), nullable=False),
        sa.Column("rule", tcma.columns.Json, nullable=False),
        sa.Column("external_id", sa.String(length=80), nullable=True),
        sa.Column("created_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.CheckConstraint("share_bp BETWEEN 0 AND 10000", name=op.f("ck_funds_share")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_funds_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funds")),
        sa.UniqueConstraint("public_id", name=op.f("uq_funds_public_id")),
    )
    op.create_index(op.f("ix_funds_organisation_id"), "funds", ["organisation_id"], unique=False)
    op.create_table(
        "inbound_mails",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("artefact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("delivery_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("envelope_sender", sa.String(length=320), nullable=True),
        sa.Column("kept_as", sa.String(length=64), nullable=False),
        sa.Column("received_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_inbound_mails_partner_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_mails")),
        sa.UniqueConstraint("kept_as", name=op.f("uq_inbound_mails_kept_as")),
    )
    op.create_table(
        "invitations",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("public_id", tcma.columns.PublicId(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("invited_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("expires_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("accepted_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("accepted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"], ["users.id"], name=op.f("fk_invitations_accepted_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["users.id"], name=op.f("fk_invitations_invited_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_invitations_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("public_id", name=op.f("uq_invitations_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
    )
    op.create_index(op.f("ix_invitations_organisation_id"), "invitations", ["organisation_id"], unique=False)
    op.create_table(
        "jobs",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("arguments", tcma.columns.Json, nullable=False),
        sa.Column("due_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("lease_until", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("worker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("created_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("done_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("failed_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name=op.f("fk_jobs_worker_id_workers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("key", name=op.f("uq_jobs_key")),
    )
    op.create_index("ix_jobs_due", "jobs", ["done_at", "failed_at", "due_at"], unique=False)
    op.create_table(
        "join_requests",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("public_id", tcma.columns.PublicId(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("invited_by", sa.String(length=120), nullable=False),
        sa.Column("asked_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("decided_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["users.id"], name=op.f("fk_join_requests_decided_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_join_requests_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_join_requests")),
        sa.UniqueConstraint("organisation_id", "email", name=op.f("uq_join_requests_organisation_id_email")),
        sa.UniqueConstraint("public_id", name=op.f("uq_join_requests_public_id")),
    )
    op.create_table(
        "kits",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("public_id", tcma.columns.PublicId(), nullable=False),
        sa.Column("vendor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("external_id", sa.String(length=80), nullable=True),
        sa.Column("created_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("offered_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["organisations.id"], name=op.f("fk_kits_vendor_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kits")),
        sa.UniqueConstraint("public_id", name=op.f("uq_kits_public_id")),
        sa.UniqueConstraint("vendor_id", "slug", name=op.f("uq_kits_vendor_id_slug")),
    )
    op.create_table(
        "lead_links",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lead_ids", tcma.columns.Json, nullable=False),
        sa.Column("made_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("expires_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_lead_links_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_links")),
    )
    op.create_table(
        "mail_preferences",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("pace", sa.String(32), nullable=False),
        sa.Column("paused_until", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("at", tcma.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_mail_preferences_partner_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_preferences")),
        sa.UniqueConstraint(
            "partner_id", "address_hash", name=op.f("uq_mail_preferences_partner_id_address_hash")
        ),
    )
    op.create_table(
        "memberships",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("created_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_memberships_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_memberships_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint(
            "user_id", "organisation_id", "role", name=op.f("uq_memberships_user_id_organisation_id_role")
        ),
    )
    op.create_index(op.f("ix_memberships_organisation_id"), "memberships", ["organisation_id"], unique=False)
    op.create_table(
        "notice_choices",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("changed_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_notice_choices_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_choices")),
        sa.UniqueConstraint("user_id", "kind", name=op.f("uq_notice_choices_user_id_kind")),
    )
    op.create_table(
        "notices",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("reader", sa.String(length=260), nullable=False),
        sa.Column("subject_key", sa.String(length=120), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("locale", sa.String(length=12), nullable=False),
        sa.Column("timezone", sa.String(length=40), nullable=False),
        sa.Column("organisation_name", sa.String(length=120), nullable=False),
        sa.Column("said", tcma.columns.Json, nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("token", tcma.columns.Json, nullable=True),
        sa.Column("told_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("due_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"], ["platform_messages.id"], name=op.f("fk_notices_message_id_platform_messages")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_notices_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_notices_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("reader", "kind", "subject_key", name=op.f("uq_notices_reader_kind_subject_key")),
    )
    op.create_index("ix_notices_due", "notices", ["message_id", "due_at"], unique=False)
    op.create_table(
        "partner_suppressions",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("at", tcma.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["organisations.id"],
            name=op.f("fk_partner_suppressions_partner_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_suppressions")),
        sa.UniqueConstraint(
            "partner_id",
            "address_hash",
            "reason",
            name=op.f("uq_partner_suppressions_partner_id_address_hash_reason"),
        ),
    )
    op.create_table(
        "partnerships",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("public_id", tcma.columns.PublicId(), nullable=False),
        sa.Column("vendor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("tier", sa.String(length=40), nullable=False),
        sa.Column("marketing_ready_until_on", sa.Date(), nullable=True),
        sa.Column("account_manager_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("external_id", sa.String(length=80), nullable=True),
        sa.Column("invited_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invited_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("activated_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_manager_id"], ["users.id"], name=op.f("fk_partnerships_account_manager_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["users.id"], name=op.f("fk_partnerships_invited_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_partnerships_partner_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["organisations.id"], name=op.f("fk_partnerships_vendor_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partnerships")),
        sa.UniqueConstraint("public_id", name=op.f("uq_partnerships_public_id")),
        sa.UniqueConstraint("vendor_id", "partner_id", name=op.f("uq_partnerships_vendor_id_partner_id")),
    )
    op.create_index(op.f("ix_partnerships_partner_id"), "partnerships", ["partner_id"], unique=False)
    op.create_table(
        "people_marks",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mark", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_people_marks_partner_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_marks")),
        sa.UniqueConstraint("partner_id", name=op.f("uq_people_marks_partner_id")),
    )
    op.create_table(
        "pressed_forms",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("request_key", sa.String(length=40), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("at", tcma.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_pressed_forms_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pressed_forms")),
        sa.UniqueConstraint("user_id", "request_key", name=op.f("uq_pressed_forms_user_id_request_key")),
    )
    op.create_index(op.f("ix_pressed_forms_at"), "pressed_forms", ["at"], unique=False)
    op.create_table(
        "programme_suppressions",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("at", tcma.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_programme_suppressions_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_suppressions")),
        sa.UniqueConstraint(
            "organisation_id",
            "address_hash",
            "reason",
            name=op.f("uq_programme_suppressions_organisation_id_address_hash_reason"),
        ),
    )
    op.create_table(
        "sender_domains",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("domain", sa.String(length=253), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("looks", tcma.columns.Json, nullable=False),
        sa.Column("is_taken", sa.Boolean(), nullable=False),
        sa.Column("entered_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("asked_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("looked_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("verified_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("lost_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_sender_domains_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sender_domains")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_sender_domains_organisation_id")),
    )
    op.create_index(op.f("ix_sender_domains_domain"), "sender_domains", ["domain"], unique=False)
    op.create_table(
        "sign_in_links",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("path", sa.String(length=400), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("created_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("expires_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("used_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sign_in_links_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_links_token_hash")),
    )
    op.create_index(op.f("ix_sign_in_links_user_id"), "sign_in_links", ["user_id"], unique=False)
    op.create_table(
        "sign_ins",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("public_id", tcma.columns.PublicId(), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("device", sa.String(length=80), nullable=False),
        sa.Column("created_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("used_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("proved_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sign_ins_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_sign_ins_key_hash")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sign_ins_public_id")),
    )
    op.create_index(op.f("ix_sign_ins_user_id"), "sign_ins", ["user_id"], unique=False)
    op.create_table(
        "suppression_imports",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("public_id", tcma.columns.PublicId(), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("row_estimate", sa.Integer(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("added_count", sa.Integer(), nullable=False),
        sa.Column("known_count", sa.Integer(), nullable=False),
        sa.Column("unusable_count", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("imported_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("finished_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["imported_by_id"], ["users.id"], name=op.f("fk_suppression_imports_imported_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_suppression_imports_partner_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppression_imports")),
        sa.UniqueConstraint("public_id", name=op.f("uq_suppression_imports_public_id")),
    )
    op.create_index(
        "ix_suppression_imports_partner", "suppression_imports", ["partner_id", "id"], unique=False
    )
    op.create_table(
        "task_snoozes",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subjects", tcma.columns.Json, nullable=False),
        sa.Column("until", tcma.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_task_snoozes_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_task_snoozes_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_snoozes")),
        sa.UniqueConstraint(
            "user_id", "organisation_id", "kind", name=op.f("uq_task_snoozes_user_id_organisation_id_kind")
        ),
    )
    op.create_index(
        op.f("ix_task_snoozes_organisation_id"), "task_snoozes", ["organisation_id"], unique=False
    )
    op.create_table(
        "terms_acceptances",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("accepted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("accepted_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"], ["users.id"], name=op.f("fk_terms_acceptances_accepted_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_terms_acceptances_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms_acceptances")),
        sa.UniqueConstraint(
            "organisation_id",
            "kind",
            "version",
            name=op.f("uq_terms_acceptances_organisation_id_kind_version"),
        ),
    )
    op.create_table(
        "certificates",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("public_id", tcma.columns.PublicId(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("vendor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("amount", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("share_bp", sa.Integer(), nullable=False),
        sa.Column("valid_until_on", sa.Date(), nullable=False),
        sa.Column("settle_by_on", sa.Date(), nullable=False),
        sa.Column("terms_version", sa.String(length=20), nullable=False),
        sa.Column("terms_text", sa.Text(), nullable=False),
        sa.Column("accepted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("accepted_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("created_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("ended_reason", sa.Text(), nullable=False),
        sa.Column("external_id", sa.String(length=80), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_certificates_amount")),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"], ["users.id"], name=op.f("fk_certificates_accepted_by_id_users")
        ),
        sa.ForeignKeyConstraint(["fund_id"], ["funds.id"], name=op.f("fk_certificates_fund_id_funds")),
        sa.ForeignKeyConstraint(["kit_id"], ["kits.id"], name=op.f("fk_certificates_kit_id_kits")),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_certificates_partner_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["organisations.id"], name=op.f("fk_certificates_vendor_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("code", name=op.f("uq_certificates_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_certificates_public_id")),
    )
    op.create_index(op.f("ix_certificates_partner_id"), "certificates", ["partner_id"], unique=False)
    op.create_index(op.f("ix_certificates_vendor_id"), "certificates", ["vendor_id"], unique=False)
    op.create_table(
        "contact_imports",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("public_id", tcma.columns.PublicId(), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("list_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_list", sa.Boolean(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("file_size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_kept_until", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("layout", tcma.columns.Json, nullable=False),
        sa.Column("basis", sa.String(32), nullable=False),
        sa.Column("basis_wording", sa.Text(), nullable=False),
        sa.Column("basis_stated_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("basis_stated_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("next_row", sa.Integer(), nullable=False),
        sa.Column("row_estimate", sa.Integer(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("ready_count", sa.Integer(), nullable=False),
        sa.Column("skipped_count", sa.Integer(), nullable=False),
        sa.Column("skipped_by_reason", tcma.columns.Json, nullable=False),
        sa.Column("imported_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("finished_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["basis_stated_by_id"], ["users.id"], name=op.f("fk_contact_imports_basis_stated_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["imported_by_id"], ["users.id"], name=op.f("fk_contact_imports_imported_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["list_id"], ["contact_lists.id"], name=op.f("fk_contact_imports_list_id_contact_lists")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_contact_imports_partner_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_imports")),
        sa.UniqueConstraint("list_id", "file_sha256", name=op.f("uq_contact_imports_list_id_file_sha256")),
        sa.UniqueConstraint("public_id", name=op.f("uq_contact_imports_public_id")),
    )
    op.create_index("ix_contact_imports_kept", "contact_imports", ["file_kept_until"], unique=False)
    op.create_table(
        "elsewhere_files",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("public_id", tcma.columns.PublicId(), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("money_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("content_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("added_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["users.id"], name=op.f("fk_elsewhere_files_added_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["money_id"], ["elsewhere_money.id"], name=op.f("fk_elsewhere_files_money_id_elsewhere_money")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_elsewhere_files_partner_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elsewhere_files")),
        sa.UniqueConstraint("public_id", name=op.f("uq_elsewhere_files_public_id")),
    )
    op.create_index(op.f("ix_elsewhere_files_money_id"), "elsewhere_files", ["money_id"], unique=False)
    op.create_table(
        "kit_versions",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("public_id", tcma.columns.PublicId(), nullable=False),
        sa.Column("kit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("vendor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("source_hash", sa.String(length=64), nullable=False),
        sa.Column("languages", tcma.columns.Json, nullable=False),
        sa.Column("summary", tcma.columns.Json, nullable=False),
        sa.Column("change_note", sa.Text(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("published_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("offered_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("ended_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_kit_versions_created_by_id_users")
        ),
        sa.ForeignKeyConstraint(["kit_id"], ["kits.id"], name=op.f("fk_kit_versions_kit_id_kits")),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["users.id"], name=op.f("fk_kit_versions_published_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["organisations.id"], name=op.f("fk_kit_versions_vendor_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kit_versions")),
        sa.UniqueConstraint("kit_id", "number", name=op.f("uq_kit_versions_kit_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_kit_versions_public_id")),
    )
    op.create_table(
        "contacts_before",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("address_typed", sa.String(length=320), nullable=False),
        sa.Column("first_name", sa.String(length=80), nullable=False),
        sa.Column("last_name", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("company", sa.String(length=160), nullable=False),
        sa.Column("industry", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("employees", sa.String(length=40), nullable=False),
        sa.Column("employees_min", sa.Integer(), nullable=True),
        sa.Column("employees_max", sa.Integer(), nullable=True),
        sa.Column("relation", sa.String(32), nullable=False),
        sa.Column("member_basis", sa.String(32), nullable=True),
        sa.Column("member_import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("member_source", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_contacts_before_contact_id_contacts")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["contact_imports.id"], name=op.f("fk_contacts_before_import_id_contact_imports")
        ),
        sa.ForeignKeyConstraint(
            ["member_import_id"],
            ["contact_imports.id"],
            name=op.f("fk_contacts_before_member_import_id_contact_imports"),
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_contacts_before_partner_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts_before")),
        sa.UniqueConstraint("import_id", "contact_id", name=op.f("uq_contacts_before_import_id_contact_id")),
    )
    op.create_index("ix_contacts_before_contact", "contacts_before", ["contact_id"], unique=False)
    op.create_table(
        "funding_requests",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("public_id", tcma.columns.PublicId(), nullable=False),
        sa.Column("vendor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("activity", sa.String(length=40), nullable=False),
        sa.Column("amount", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("expected_leads", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("why_not", tcma.columns.Json, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("terms_version", sa.String(length=20), nullable=False),
        sa.Column("terms_text", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("submitted_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_by_rule", sa.Text(), nullable=True),
        sa.Column("decided_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("decline_reason", sa.Text(), nullable=False),
        sa.Column("certificate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("external_id", sa.String(length=80), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_funding_requests_amount")),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["users.id"], name=op.f("fk_funding_requests_asked_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificates.id"],
            name=op.f("fk_funding_requests_certificate_id_certificates"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["users.id"], name=op.f("fk_funding_requests_decided_by_id_users")
        ),
        sa.ForeignKeyConstraint(["fund_id"], ["funds.id"], name=op.f("fk_funding_requests_fund_id_funds")),
        sa.ForeignKeyConstraint(["kit_id"], ["kits.id"], name=op.f("fk_funding_requests_kit_id_kits")),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_funding_requests_partner_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["organisations.id"], name=op.f("fk_funding_requests_vendor_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding_requests")),
        sa.UniqueConstraint("public_id", name=op.f("uq_funding_requests_public_id")),
    )
    op.create_index(op.f("ix_funding_requests_partner_id"), "funding_requests", ["partner_id"], unique=False)
    op.create_index(op.f("ix_funding_requests_vendor_id"), "funding_requests", ["vendor_id"], unique=False)
    op.create_table(
        "kit_files",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("kit_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("vendor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("offered_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["kit_version_id"], ["kit_versions.id"], name=op.f("fk_kit_files_kit_version_id_kit_versions")
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["organisations.id"], name=op.f("fk_kit_files_vendor_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kit_files")),
        sa.UniqueConstraint("kit_version_id", "path", name=op.f("uq_kit_files_kit_version_id_path")),
    )
    op.create_table(
        "kit_releases",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("kit_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("vendor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("locale", sa.String(length=12), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("offered_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["kit_version_id"], ["kit_versions.id"], name=op.f("fk_kit_releases_kit_version_id_kit_versions")
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["organisations.id"], name=op.f("fk_kit_releases_vendor_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kit_releases")),
        sa.UniqueConstraint(
            "kit_version_id", "locale", "country", name=op.f("uq_kit_releases_kit_version_id_locale_country")
        ),
    )
    op.create_table(
        "ledger_accounts",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("fund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("certificate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("holder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("other_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("balance", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "(kind IN ('allocated', 'platform_income') AND balance <= 0) OR (kind NOT IN ('allocated', 'platform_income') AND balance >= 0)",
            name=op.f("ck_ledger_accounts_side"),
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificates.id"],
            name=op.f("fk_ledger_accounts_certificate_id_certificates"),
        ),
        sa.ForeignKeyConstraint(["fund_id"], ["funds.id"], name=op.f("fk_ledger_accounts_fund_id_funds")),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["organisations.id"], name=op.f("fk_ledger_accounts_holder_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["organisations.id"], name=op.f("fk_ledger_accounts_other_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_accounts")),
        sa.UniqueConstraint("key", name=op.f("uq_ledger_accounts_key")),
    )
    op.create_index("ix_ledger_accounts_certificate", "ledger_accounts", ["certificate_id"], unique=False)
    op.create_index("ix_ledger_accounts_fund", "ledger_accounts", ["fund_id"], unique=False)
    op.create_index(op.f("ix_ledger_accounts_holder_id"), "ledger_accounts", ["holder_id"], unique=False)
    op.create_index(op.f("ix_ledger_accounts_other_id"), "ledger_accounts", ["other_id"], unique=False)
    op.create_table(
        "list_members",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("list_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("basis", sa.String(32), nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("added_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_list_members_contact_id_contacts")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["contact_imports.id"], name=op.f("fk_list_members_import_id_contact_imports")
        ),
        sa.ForeignKeyConstraint(
            ["list_id"], ["contact_lists.id"], name=op.f("fk_list_members_list_id_contact_lists")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_list_members_partner_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_members")),
        sa.UniqueConstraint("list_id", "contact_id", name=op.f("uq_list_members_list_id_contact_id")),
    )
    op.create_index("ix_list_members_contact", "list_members", ["contact_id"], unique=False)
    op.create_table(
        "skipped_rows",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("row_text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["contact_imports.id"], name=op.f("fk_skipped_rows_import_id_contact_imports")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_skipped_rows_partner_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skipped_rows")),
        sa.UniqueConstraint("import_id", "number", name=op.f("uq_skipped_rows_import_id_number")),
    )
    op.create_table(
        "campaigns",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("public_id", tcma.columns.PublicId(), nullable=False),
        sa.Column("vendor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kit_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("stop_reason", sa.String(32), nullable=True),
        sa.Column("stop_sentence", sa.Text(), nullable=False),
        sa.Column("locales", tcma.columns.Json, nullable=False),
        sa.Column("timezone", sa.String(length=40), nullable=False),
        sa.Column("starts_local", sa.String(length=16), nullable=True),
        sa.Column("list_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("is_link_only", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.String(length=20), nullable=False),
        sa.Column("certificate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("region_values", tcma.columns.Json, nullable=False),
        sa.Column("partner_brand", tcma.columns.Json, nullable=True),
        sa.Column("vendor_brand", tcma.columns.Json, nullable=True),
        sa.Column("budget_currency", sa.String(length=3), nullable=True),
        sa.Column("answerer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("briefed_count", sa.Integer(), nullable=False),
        sa.Column("answerer_asked_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("leaves_out_recent", sa.Boolean(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("changed_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("launched_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("launched_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("ended_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("external_id", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["answerer_id"], ["users.id"], name=op.f("fk_campaigns_answerer_id_users")),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificates.id"], name=op.f("fk_campaigns_certificate_id_certificates")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_campaigns_created_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["kit_version_id"], ["kit_versions.id"], name=op.f("fk_campaigns_kit_version_id_kit_versions")
        ),
        sa.ForeignKeyConstraint(
            ["launched_by_id"], ["users.id"], name=op.f("fk_campaigns_launched_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["list_id"], ["contact_lists.id"], name=op.f("fk_campaigns_list_id_contact_lists")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_campaigns_partner_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["funding_requests.id"], name=op.f("fk_campaigns_request_id_funding_requests")
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["organisations.id"], name=op.f("fk_campaigns_vendor_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
        sa.UniqueConstraint("partner_id", "slug", name=op.f("uq_campaigns_partner_id_slug")),
        sa.UniqueConstraint("public_id", name=op.f("uq_campaigns_public_id")),
    )
    op.create_index("ix_campaigns_status", "campaigns", ["status"], unique=False)
    op.create_index(op.f("ix_campaigns_vendor_id"), "campaigns", ["vendor_id"], unique=False)
    op.create_index("ix_campaigns_version", "campaigns", ["kit_version_id"], unique=False)
    op.create_table(
        "funding_request_files",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("public_id", tcma.columns.PublicId(), nullable=False),
        sa.Column("vendor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("content_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["organisations.id"],
            name=op.f("fk_funding_request_files_partner_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["funding_requests.id"],
            name=op.f("fk_funding_request_files_request_id_funding_requests"),
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["organisations.id"], name=op.f("fk_funding_request_files_vendor_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding_request_files")),
        sa.UniqueConstraint("public_id", name=op.f("uq_funding_request_files_public_id")),
    )
    op.create_index(
        op.f("ix_funding_request_files_request_id"), "funding_request_files", ["request_id"], unique=False
    )
    op.create_table(
        "briefing_receipts",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", tcma.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_briefing_receipts_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_briefing_receipts_partner_id_organisations")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_briefing_receipts_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_briefing_receipts")),
        sa.UniqueConstraint("campaign_id", "user_id", name=op.f("uq_briefing_receipts_campaign_id_user_id")),
    )
    op.create_table(
        "campaign_touches",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("vendor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("due_local", sa.String(length=16), nullable=True),
        sa.Column("due_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("condition", sa.String(32), nullable=True),
        sa.Column("condition_touch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("is_invitation", sa.Boolean(), nullable=False),
        sa.Column("counted_from", sa.String(length=60), nullable=False),
        sa.Column("soft_start_size", sa.Integer(), nullable=False),
        sa.Column("soft_start_until", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("soft_start_passed", sa.Boolean(), nullable=False),
        sa.Column("people_count", sa.Integer(), nullable=False),
        sa.Column("queued_count", sa.Integer(), nullable=False),
        sa.Column("sending_count", sa.Integer(), nullable=False),
        sa.Column("sent_count", sa.Integer(), nullable=False),
        sa.Column("delivered_count", sa.Integer(), nullable=False),
        sa.Column("bounced_count", sa.Integer(), nullable=False),
        sa.Column("skipped_count", sa.Integer(), nullable=False),
        sa.Column("failed_count", sa.Integer(), nullable=False),
        sa.Column("unknown_count", sa.Integer(), nullable=False),
        sa.Column("clicked_count", sa.Integer(), nullable=False),
        sa.Column("complained_count", sa.Integer(), nullable=False),
        sa.Column("unsubscribed_count", sa.Integer(), nullable=False),
        sa.Column("answered_count", sa.Integer(), nullable=False),
        sa.Column("judged_out_count", sa.Integer(), nullable=False),
        sa.Column("judged_bad_count", sa.Integer(), nullable=False),
        sa.Column("judged_complained_count", sa.Integer(), nullable=False),
        sa.Column("progress_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("mark", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("last_out_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("finished_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_campaign_touches_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(
            ["condition_touch_id"],
            ["campaign_touches.id"],
            name=op.f("fk_campaign_touches_condition_touch_id_campaign_touches"),
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_campaign_touches_partner_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["organisations.id"], name=op.f("fk_campaign_touches_vendor_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_touches")),
        sa.UniqueConstraint("campaign_id", "key", name=op.f("uq_campaign_touches_campaign_id_key")),
    )
    op.create_index("ix_campaign_touches_due", "campaign_touches", ["status", "due_at"], unique=False)
    op.create_table(
        "cost_lines",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("vendor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("certificate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("price", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("share_bp", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("planned_units", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reserved_amount", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("units", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cost_amount", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("vendor_amount", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("settle_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_cost_lines_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificates.id"], name=op.f("fk_cost_lines_certificate_id_certificates")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_cost_lines_partner_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["organisations.id"], name=op.f("fk_cost_lines_vendor_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost_lines")),
    )
    op.create_index("ix_cost_lines_campaign", "cost_lines", ["campaign_id"], unique=True)
    op.create_table(
        "leads",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("public_id", tcma.columns.PublicId(), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("vendor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("stage", sa.String(32), nullable=False),
        sa.Column("grade", sa.String(32), nullable=False),
        sa.Column("sale", sa.String(32), nullable=False),
        sa.Column("is_returnable", sa.Boolean(), nullable=False),
        sa.Column("holder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("first_touch_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("first_touch_kind", sa.String(length=20), nullable=False),
        sa.Column("attribution_rule", sa.String(length=40), nullable=False),
        sa.Column("shelf_life_until", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("shelf_life_warn_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("shelf_life_told_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("clock_from", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("clock_until", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("comes_back_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("created_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("updated_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("closed_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("external_id", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_leads_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_leads_company_id_companies")),
        sa.ForeignKeyConstraint(["holder_id"], ["users.id"], name=op.f("fk_leads_holder_id_users")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["organisations.id"], name=op.f("fk_leads_owner_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["organisations.id"], name=op.f("fk_leads_vendor_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leads")),
        sa.UniqueConstraint("public_id", name=op.f("uq_leads_public_id")),
    )
    op.create_index(op.f("ix_leads_campaign_id"), "leads", ["campaign_id"], unique=False)
    op.create_index("ix_leads_due", "leads", ["stage", "clock_until"], unique=False)
    op.create_index("ix_leads_inbox", "leads", ["owner_id", "stage", "created_at"], unique=False)
    op.create_index("ix_leads_of_campaigns", "leads", ["vendor_id", "campaign_id", "owner_id"], unique=False)
    op.create_index(
        "ix_leads_open_episode",
        "leads",
        ["owner_id", "vendor_id", "company_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("ix_leads_shelf_life", "leads", ["closed_at", "shelf_life_until"], unique=False)
    op.create_table(
        "ledger_postings",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("event", sa.String(32), nullable=False),
        sa.Column("holder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("other_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("certificate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", tcma.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_ledger_postings_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificates.id"],
            name=op.f("fk_ledger_postings_certificate_id_certificates"),
        ),
        sa.ForeignKeyConstraint(["fund_id"], ["funds.id"], name=op.f("fk_ledger_postings_fund_id_funds")),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["organisations.id"], name=op.f("fk_ledger_postings_holder_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["organisations.id"], name=op.f("fk_ledger_postings_other_id_organisations")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_ledger_postings_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_postings")),
        sa.UniqueConstraint("key", name=op.f("uq_ledger_postings_key")),
    )
    op.create_index(
        op.f("ix_ledger_postings_certificate_id"), "ledger_postings", ["certificate_id"], unique=False
    )
    op.create_index(op.f("ix_ledger_postings_fund_id"), "ledger_postings", ["fund_id"], unique=False)
    op.create_index(op.f("ix_ledger_postings_holder_id"), "ledger_postings", ["holder_id"], unique=False)
    op.create_index(op.f("ix_ledger_postings_other_id"), "ledger_postings", ["other_id"], unique=False)
    op.create_table(
        "planned_costs",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("vendor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("amount", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_planned_costs_amount")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_planned_costs_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_planned_costs_partner_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["organisations.id"], name=op.f("fk_planned_costs_vendor_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_costs")),
        sa.UniqueConstraint("campaign_id", "position", name=op.f("uq_planned_costs_campaign_id_position")),
    )
    op.create_table(
        "webinar_sessions",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts_local", sa.String(length=16), nullable=True),
        sa.Column("timezone", sa.String(length=40), nullable=False),
        sa.Column("starts_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("room_url", sa.String(length=500), nullable=False),
        sa.Column("host_name", sa.String(length=120), nullable=False),
        sa.Column("seat_limit", sa.Integer(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("cancelled_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("recording_url", sa.String(length=500), nullable=False),
        sa.Column("recording_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("attendance_known_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_webinar_sessions_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_webinar_sessions_partner_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webinar_sessions")),
        sa.UniqueConstraint("campaign_id", name=op.f("uq_webinar_sessions_campaign_id")),
    )
    op.create_index(op.f("ix_webinar_sessions_starts_at"), "webinar_sessions", ["starts_at"], unique=False)
    op.create_table(
        "artefacts",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("touch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("locale", sa.String(length=12), nullable=False),
        sa.Column("message_class", sa.String(32), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_artefacts_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_artefacts_partner_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["touch_id"], ["campaign_touches.id"], name=op.f("fk_artefacts_touch_id_campaign_touches")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_artefacts")),
        sa.UniqueConstraint(
            "touch_id",
            "locale",
            "message_class",
            "key",
            name=op.f("uq_artefacts_touch_id_locale_message_class_key"),
        ),
    )
    op.create_table(
        "chunks",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("touch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("message_class", sa.String(32), nullable=False),
        sa.Column("first_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("last_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("worker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("leased_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("done_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_chunks_partner_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["touch_id"], ["campaign_touches.id"], name=op.f("fk_chunks_touch_id_campaign_touches")
        ),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name=op.f("fk_chunks_worker_id_workers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chunks")),
    )
    op.create_index("ix_chunks_open", "chunks", ["done_at", "leased_at"], unique=False)
    op.create_index("ix_chunks_touch", "chunks", ["touch_id"], unique=False)
    op.create_table(
        "lead_amounts",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("lead_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("vendor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("product", sa.String(length=80), nullable=False),
        sa.Column("amount", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("deed_key", tcma.columns.PublicId(), nullable=False),
        sa.Column("at", tcma.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_lead_amounts_lead_id_leads")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["organisations.id"], name=op.f("fk_lead_amounts_owner_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["organisations.id"], name=op.f("fk_lead_amounts_vendor_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_amounts")),
    )
    op.create_index("ix_lead_amounts_lead", "lead_amounts", ["lead_id"], unique=False)
    op.create_table(
        "lead_clocks",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("lead_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("vendor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("started_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("due_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("warn_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("met_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("dropped_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_lead_clocks_lead_id_leads")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["organisations.id"], name=op.f("fk_lead_clocks_owner_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["organisations.id"], name=op.f("fk_lead_clocks_vendor_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_clocks")),
    )
    op.create_index("ix_lead_clocks_due", "lead_clocks", ["owner_id", "kind", "due_at"], unique=False)
    op.create_index("ix_lead_clocks_lead", "lead_clocks", ["lead_id"], unique=False)
    op.create_table(
        "lead_deals",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("lead_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("deed_key", tcma.columns.PublicId(), nullable=False),
        sa.Column("at", tcma.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_lead_deals_lead_id_leads")),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_lead_deals_partner_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_deals")),
    )
    op.create_index("ix_lead_deals_lead", "lead_deals", ["lead_id"], unique=False)
    op.create_table(
        "lead_findings",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("lead_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("vendor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("question", sa.String(32), nullable=False),
        sa.Column("finding", sa.String(32), nullable=False),
        sa.Column("horizon", sa.String(32), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("deed_key", tcma.columns.PublicId(), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("disclosed_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("at", tcma.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_lead_findings_lead_id_leads")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["organisations.id"], name=op.f("fk_lead_findings_owner_id_organisations")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_lead_findings_user_id_users")),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["organisations.id"], name=op.f("fk_lead_findings_vendor_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_findings")),
    )
    op.create_index("ix_lead_findings_lead", "lead_findings", ["lead_id"], unique=False)
    op.create_table(
        "lead_notes",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("lead_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("vendor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("deed_key", tcma.columns.PublicId(), nullable=True),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("disclosed_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("at", tcma.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_lead_notes_lead_id_leads")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["organisations.id"], name=op.f("fk_lead_notes_owner_id_organisations")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_lead_notes_user_id_users")),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["organisations.id"], name=op.f("fk_lead_notes_vendor_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_notes")),
    )
    op.create_index("ix_lead_notes_lead", "lead_notes", ["lead_id"], unique=False)
    op.create_table(
        "lead_people",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("lead_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("vendor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("disclosed_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("created_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_lead_people_contact_id_contacts")
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_lead_people_lead_id_leads")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["organisations.id"], name=op.f("fk_lead_people_owner_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["organisations.id"], name=op.f("fk_lead_people_vendor_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_people")),
        sa.UniqueConstraint("lead_id", "address", name=op.f("uq_lead_people_lead_id_address")),
    )
    op.create_index("ix_lead_people_address", "lead_people", ["owner_id", "address"], unique=False)
    op.create_table(
        "lead_steps",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("lead_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("vendor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("touch_name", sa.String(length=160), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_of_person", sa.Boolean(), nullable=False),
        sa.Column("at", tcma.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_lead_steps_lead_id_leads")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["organisations.id"], name=op.f("fk_lead_steps_owner_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["organisations.id"], name=op.f("fk_lead_steps_vendor_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_steps")),
        sa.UniqueConstraint("lead_id", "position", name=op.f("uq_lead_steps_lead_id_position")),
    )
    op.create_table(
        "lead_transitions",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("lead_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("vendor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("from_stage", sa.String(32), nullable=True),
        sa.Column("to_stage", sa.String(32), nullable=False),
        sa.Column("deed", sa.String(length=20), nullable=False),
        sa.Column("deed_key", tcma.columns.PublicId(), nullable=False),
        sa.Column("undoes_key", tcma.columns.PublicId(), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("before", tcma.columns.Json, nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", tcma.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_lead_transitions_lead_id_leads")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["organisations.id"], name=op.f("fk_lead_transitions_owner_id_organisations")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_lead_transitions_user_id_users")),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["organisations.id"], name=op.f("fk_lead_transitions_vendor_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_transitions")),
    )
    op.create_index(op.f("ix_lead_transitions_lead_id"), "lead_transitions", ["lead_id"], unique=False)
    op.create_table(
        "ledger_entries",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("posting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("holder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("other_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event", sa.String(32), nullable=False),
        sa.Column("at", tcma.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["ledger_accounts.id"], name=op.f("fk_ledger_entries_account_id_ledger_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["organisations.id"], name=op.f("fk_ledger_entries_holder_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["organisations.id"], name=op.f("fk_ledger_entries_other_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["ledger_postings.id"], name=op.f("fk_ledger_entries_posting_id_ledger_postings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
    )
    op.create_index(op.f("ix_ledger_entries_account_id"), "ledger_entries", ["account_id"], unique=False)
    op.create_index(op.f("ix_ledger_entries_posting_id"), "ledger_entries", ["posting_id"], unique=False)
    op.create_table(
        "send_groups",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("touch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("worker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sent_count", sa.Integer(), nullable=False),
        sa.Column("started_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("finished_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_send_groups_partner_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["touch_id"], ["campaign_touches.id"], name=op.f("fk_send_groups_touch_id_campaign_touches")
        ),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name=op.f("fk_send_groups_worker_id_workers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_send_groups")),
    )
    op.create_index("ix_send_groups_open", "send_groups", ["finished_at", "worker_id"], unique=False)
    op.create_table(
        "webinar_attendance_uploads",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("tool", sa.String(length=20), nullable=False),
        sa.Column("people_count", sa.Integer(), nullable=False),
        sa.Column("guest_count", sa.Integer(), nullable=False),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.Column("uploaded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("uploaded_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["organisations.id"],
            name=op.f("fk_webinar_attendance_uploads_partner_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["webinar_sessions.id"],
            name=op.f("fk_webinar_attendance_uploads_session_id_webinar_sessions"),
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["users.id"], name=op.f("fk_webinar_attendance_uploads_uploaded_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webinar_attendance_uploads")),
        sa.UniqueConstraint(
            "session_id",
            "content_sha256",
            name=op.f("uq_webinar_attendance_uploads_session_id_content_sha256"),
        ),
    )
    op.create_table(
        "webinar_seats",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lead_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("locale", sa.String(length=12), nullable=False),
        sa.Column("timezone", sa.String(length=40), nullable=False),
        sa.Column("wants_reminders", sa.Boolean(), nullable=False),
        sa.Column("registered_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("change_count", sa.Integer(), nullable=False),
        sa.Column("day_reminder_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("hour_reminder_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("reminded_count", sa.Integer(), nullable=False),
        sa.Column("joined_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("attended_minutes", sa.Integer(), nullable=True),
        sa.Column("attended_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_webinar_seats_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_webinar_seats_contact_id_contacts")
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_webinar_seats_lead_id_leads")),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_webinar_seats_partner_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["webinar_sessions.id"], name=op.f("fk_webinar_seats_session_id_webinar_sessions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webinar_seats")),
        sa.UniqueConstraint("session_id", "contact_id", name=op.f("uq_webinar_seats_session_id_contact_id")),
    )
    op.create_index(op.f("ix_webinar_seats_campaign_id"), "webinar_seats", ["campaign_id"], unique=False)
    op.create_index("ix_webinar_seats_contact", "webinar_seats", ["contact_id"], unique=False)
    op.create_index("ix_webinar_seats_day", "webinar_seats", ["day_reminder_at"], unique=False)
    op.create_index("ix_webinar_seats_hour", "webinar_seats", ["hour_reminder_at"], unique=False)
    op.create_index(op.f("ix_webinar_seats_lead_id"), "webinar_seats", ["lead_id"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("touch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(length=16), nullable=True),
        sa.Column("occasion", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("artefact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("message_class", sa.String(32), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("not_after", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("provider_id", sa.String(length=120), nullable=True),
        sa.Column("sent_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("clicked_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("replied_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["artefact_id"], ["artefacts.id"], name=op.f("fk_deliveries_artefact_id_artefacts")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_deliveries_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_deliveries_contact_id_contacts")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["send_groups.id"], name=op.f("fk_deliveries_group_id_send_groups")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_deliveries_partner_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["touch_id"], ["campaign_touches.id"], name=op.f("fk_deliveries_touch_id_campaign_touches")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint(
            "touch_id", "contact_id", "occasion", name=op.f("uq_deliveries_touch_id_contact_id_occasion")
        ),
    )
    op.create_index("ix_deliveries_contact", "deliveries", ["contact_id"], unique=False)
    op.create_index("ix_deliveries_group", "deliveries", ["group_id"], unique=False)
    op.create_index("ix_deliveries_open", "deliveries", ["status", "touch_id", "id"], unique=False)
    op.create_index(
        "ix_deliveries_replied",
        "deliveries",
        ["contact_id", "campaign_id"],
        unique=False,
        sqlite_where=sa.text("replied_at IS NOT NULL"),
        postgresql_where=sa.text("replied_at IS NOT NULL"),
    )
    op.create_table(
        "lead_answers",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("lead_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("vendor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("request_key", sa.String(length=64), nullable=False),
        sa.Column("page", sa.String(length=200), nullable=False),
        sa.Column("fields", tcma.columns.Json, nullable=False),
        sa.Column("consents", tcma.columns.Json, nullable=False),
        sa.Column("disclosed_at", tcma.columns.UtcDateTime(), nullable=True),
        sa.Column("created_at", tcma.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_lead_answers_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_lead_answers_lead_id_leads")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["organisations.id"], name=op.f("fk_lead_answers_owner_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["lead_people.id"], name=op.f("fk_lead_answers_person_id_lead_people")
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["organisations.id"], name=op.f("fk_lead_answers_vendor_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_answers")),
        sa.UniqueConstraint("request_key", name=op.f("uq_lead_answers_request_key")),
    )
    op.create_index("ix_lead_answers_lead", "lead_answers", ["lead_id"], unique=False)
    op.create_table(
        "replies",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("public_id", tcma.columns.PublicId(), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("touch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("delivery_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("natural_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("subject", sa.String(length=400), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("attachment_count", sa.Integer(), nullable=False),
        sa.Column("kept_as", sa.String(length=64), nullable=False),
        sa.Column("lead_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", tcma.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_replies_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_replies_contact_id_contacts")),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_replies_delivery_id_deliveries")
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_replies_lead_id_leads")),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_replies_partner_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["touch_id"], ["campaign_touches.id"], name=op.f("fk_replies_touch_id_campaign_touches")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replies")),
        sa.UniqueConstraint("natural_key", name=op.f("uq_replies_natural_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_replies_public_id")),
    )
    op.create_index("ix_replies_campaign", "replies", ["campaign_id", "id"], unique=False)
    op.create_index(op.f("ix_replies_contact_id"), "replies", ["contact_id"], unique=False)
    op.create_index(op.f("ix_replies_delivery_id"), "replies", ["delivery_id"], unique=False)
    op.create_index(op.f("ix_replies_lead_id"), "replies", ["lead_id"], unique=False)
    op.create_table(
        "touch_events",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("delivery_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("at", tcma.columns.UtcDateTime(), nullable=False),
        sa.Column("machine", sa.Boolean(), nullable=False),
        sa.Column("natural_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("detail", tcma.columns.Json, nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_touch_events_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_touch_events_delivery_id_deliveries")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_touch_events_partner_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_touch_events")),
        sa.UniqueConstraint("natural_key", name=op.f("uq_touch_events_natural_key")),
    )
    op.create_index("ix_touch_events_campaign", "touch_events", ["campaign_id", "kind"], unique=False)
    op.create_index("ix_touch_events_delivery", "touch_events", ["delivery_id"], unique=False)
    op.create_table(
        "unsubscriptions",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("delivery_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", tcma.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_unsubscriptions_delivery_id_deliveries")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_unsubscriptions_partner_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsubscriptions")),
        sa.UniqueConstraint("delivery_id", name=op.f("uq_unsubscriptions_delivery_id")),
    )
    # ### end Alembic commands ###
    if op.get_bind().dialect.name == "postgresql":
        for statement in POLICIES:
            op.execute(statement)
